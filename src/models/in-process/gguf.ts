import { open } from "node:fs/promises";
import path from "node:path";
import PQueue from "p-queue";
import { z } from "zod";
import { CallError, InputError } from "../../core/errors.ts";
import type { Prompt } from "../../prompts/prompt.ts";
import { continuationScore, ownTemperatureOnly, type ShownToken, takesInEnd } from "../boundary.ts";
import {
  type BaseModel,
  defineModel,
  type GenerateRequest,
  type ModelEnvironment,
  type ScoreRequest,
} from "../model.ts";
import { reasoningOption } from "../reasoning.ts";
import { type ChatMessage, chatMessages, plainPrompt } from "../render.ts";
import { fileChecksum } from "./checksum.ts";
import { stopAt } from "./stop.ts";

const options = z.strictObject({
  path: z.string().min(1).describe("The .gguf file."),
  api: z
    .enum(["auto", "chat", "completions"])
    .default("auto")
    .describe(
      "chat: the file's own chat template; completions: the plain text of the slots. auto: chat where the file has a template.",
    ),
  contextSize: z.int().min(64).max(1_048_576).default(4096).describe("Tokens of prompt and answer together."),
  threads: z.int().min(1).max(256).default(1).describe("1 is best on small shared machines: waiting threads spin."),
  gpu: z.boolean().default(false).describe("Use a GPU when the installed binaries can."),
  stop: z
    .array(z.string().min(1))
    .max(4)
    .optional()
    .describe("Where answers end. Default: none for chat, a blank line for completions."),
  ...reasoningOption,
});

type Options = z.infer<typeof options>;
type Llama = typeof import("node-llama-cpp");
type ChatHistoryItem = import("node-llama-cpp").ChatHistoryItem;

/** Changes when the same slots become other tokens: part of what a kept answer or score depends on. */
const PROMPTS = 2;

/** `gguf:`: a model file in process by node-llama-cpp (llama.cpp), an optional peer; exact prompt log-probabilities. */
export const gguf = defineModel<Options>({
  summary: "A .gguf file in process, by node-llama-cpp",
  notes: {
    runs: "in process, by node-llama-cpp (optional package)",
    key: "none",
    "draws by seed": "yes",
    "prompt log-probabilities": "exact",
    page: "[gguf](gguf.md)",
  },
  options,
  shorthand: (text) => ({ path: text }),
  id: ({ path: file }) => `gguf:${path.basename(file, ".gguf")}`,
  create: openModel,
});

async function openModel(chosen: Options, environment: ModelEnvironment, id: string): Promise<BaseModel> {
  const file = path.resolve(environment.baseDir, chosen.path);
  await checkMagic(id, file);
  const llamaCpp = await load();
  const llama = await llamaCpp.getLlama({
    gpu: chosen.gpu ? "auto" : false,
    build: "never",
    logLevel: llamaCpp.LlamaLogLevel.error,
  });
  const model = await llama.loadModel({ modelPath: file }).catch((error: unknown) => {
    throw new InputError(
      `Model \`${id}\`: ${file} could not be loaded (${error instanceof Error ? error.message : String(error)}).`,
    );
  });
  const contextSize = Math.min(chosen.contextSize, model.trainContextSize);
  const context = await model.createContext({ contextSize, threads: chosen.threads });
  const sequence = context.getSequence();
  const chat =
    chosen.api === "chat" || (chosen.api === "auto" && model.fileInfo.metadata.tokenizer?.chat_template !== undefined);
  const stop = chosen.stop ?? (chat ? [] : ["\n\n"]);
  const weights = await fileChecksum(file);
  /** One sequence, one call at a time. */
  const queue = new PQueue({ concurrency: 1 });

  const plainTokens = (text: string): number[] => {
    const bos = model.tokens.shouldPrependBosToken && model.tokens.bos !== null ? [model.tokens.bos] : [];
    return [...bos, ...model.tokenize(text)];
  };
  const chatTokens = (messages: readonly ChatMessage[], answer: string, reply?: string): number[] => {
    const chatHistory: ChatHistoryItem[] = [
      ...messages.map(({ role, content }) => ({ type: role, text: content })),
      { type: "model", response: answer === "" ? [] : [answer] },
      ...(reply === undefined ? [] : [{ type: "user" as const, text: reply }]),
    ];
    const { contextText } = llamaCpp.resolveChatWrapper(model).generateContextState({ chatHistory });
    return withOneBos(contextText.tokenize(model.tokenizer), model.tokens.bos);
  };
  const tokensOf = (prompt: Prompt, answer: string): number[] =>
    chat ? chatTokens(chatMessages(prompt), answer) : plainTokens(plainPrompt(prompt) + answer);

  /** Where a text ends: what the chat template writes after an answer, if the model stops there; else the end-of-text token. */
  const endToken = (): number | null => {
    if (chat) {
      const asked = [{ role: "user" as const, content: "a" }];
      const [answered, replied] = [chatTokens(asked, "b"), chatTokens(asked, "b", "c")];
      const next = replied[answered.length];
      if (next !== undefined && model.isEogToken(next)) return next;
    }
    return model.tokens.eos ?? model.tokens.eot;
  };
  const end = endToken();
  const endText = end === null ? null : model.detokenize([end], true);

  /** Log-probabilities of tokens from position `from` on; earlier ones are not computed. */
  const shown = async (ids: readonly number[], from: number): Promise<ShownToken[]> => {
    if (ids.length > contextSize) throw tooLong(ids.length, contextSize);
    await sequence.clearHistory();
    const results = await sequence.controlledEvaluate(
      ids.slice(0, -1).map((token, i) => {
        const next = ids[i + 1] ?? 0;
        if (i + 1 < from) return token;
        return [
          token,
          { generateNext: { logits: { filter: { tokens: [next], includeTop: 1 } }, totalLogitWeight: true } },
        ];
      }),
    );
    return ids.map((id, i) => ({ id, logprob: i === 0 ? null : logprobOf(id, results[i - 1]) }));
  };

  const score = (request: ScoreRequest) =>
    queue.add(async () => {
      ownTemperatureOnly(request);
      const { prompt, continuation } = request;
      const before = tokensOf(prompt, "");
      const text = tokensOf(prompt, continuation);
      const whole = takesInEnd(request, end !== null) && end !== null ? [...text, end] : text;
      let shared = 0;
      while (shared < before.length && before[shared] === whole[shared]) shared += 1;
      const wholeShown = await shown(whole, shared);
      const beforeShown = shared === before.length ? wholeShown.slice(0, shared) : await shown(before, shared);
      return continuationScore(beforeShown, wholeShown);
    });

  const generate = ({ prompt, decoding, seed, signal }: GenerateRequest) =>
    queue.add(async () => {
      const ids = tokensOf(prompt, "");
      if (ids.length + decoding.maxTokens > contextSize) throw tooLong(ids.length + decoding.maxTokens, contextSize);
      await sequence.clearHistory();
      const sampling = { temperature: decoding.temperature, topP: decoding.topP, topK: 0, minP: 0, seed };
      const answer: number[] = [];
      for await (const token of sequence.evaluate(ids, sampling)) {
        signal?.throwIfAborted();
        if (model.isEogToken(token)) break;
        answer.push(token);
        if (answer.length >= decoding.maxTokens) break;
        if (stop.length > 0 && stopAt(model.detokenize(answer, false, ids), stop).stopped) break;
      }
      const cut = stopAt(model.detokenize(answer, false, ids), stop);
      const finish = !cut.stopped && answer.length >= decoding.maxTokens ? ("length" as const) : ("stop" as const);
      return { text: cut.text, tokensIn: ids.length, tokensOut: answer.length, finish };
    });

  return {
    id,
    can: { chat, completion: true, promptLogprobs: true, endLogprobs: end !== null, seed: true, instructions: chat },
    scoring: { end: endText, begin: null, asItAnswers: true },
    remark: null,
    description: {
      provider: "gguf",
      file: path.basename(file),
      weights,
      api: chat ? "chat" : "completions",
      contextSize,
      prompts: PROMPTS,
      end: endText,
    },
    profile: {
      identity: { provider: "gguf", prompts: PROMPTS, weights, api: chat ? "chat" : "completions", contextSize, stop },
      account: null,
      limits: { concurrency: 1, requestsPerMinute: null, tokensPerMinute: null, timeoutMs: 3_600_000 },
      price: { inputPerMillion: 0, outputPerMillion: 0 },
      reasoning: chosen.reasoning,
    },
    generate,
    score,
    async close() {
      await context.dispose();
      await model.dispose();
    },
  };
}

/** A chat template that begins with BOS and a wrapper that adds one make two: the model was trained on one. */
function withOneBos(ids: readonly number[], bos: number | null): number[] {
  const first = ids.findIndex((id) => id !== bos);
  return ids.slice(Math.max(0, first - 1));
}

/** log p from the logit of the token, the largest logit and the sum of exp(logit - largest). */
function logprobOf(
  id: number,
  result: { readonly next: import("node-llama-cpp").NextToken } | undefined,
): number | null {
  const { logits, totalLogitWeight } = result?.next ?? {};
  const own = logits?.get(id);
  if (logits === undefined || own === undefined || totalLogitWeight === undefined) return null;
  return own - Math.max(...logits.values()) - Math.log(totalLogitWeight);
}

async function load(): Promise<Llama> {
  try {
    return await import("node-llama-cpp");
  } catch {
    throw new InputError(
      "Models of `gguf:` need the optional package node-llama-cpp. Install it beside mopbench: npm install --no-save --ignore-scripts node-llama-cpp@3.22.1 (or `make peers`).",
    );
  }
}

/** @throws InputError unless the file is there and begins as GGUF files do. */
async function checkMagic(id: string, file: string): Promise<void> {
  const handle = await open(file, "r").catch(() => {
    throw new InputError(`Model \`${id}\`: there is no file ${file}.`);
  });
  try {
    const head = Buffer.alloc(4);
    await handle.read(head, 0, 4, 0);
    if (head.toString("latin1") !== "GGUF") throw new InputError(`Model \`${id}\`: ${file} is not a GGUF file.`);
  } finally {
    await handle.close();
  }
}

function tooLong(tokens: number, contextSize: number): CallError {
  return new CallError(
    "bad-request",
    `Prompt and answer need ${tokens} tokens, the context holds ${contextSize}: raise contextSize.`,
  );
}
