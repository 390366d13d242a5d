import path from "node:path";
import PQueue from "p-queue";
import { z } from "zod";
import { pathText, shortText } from "../../config/bounds.ts";
import { fileChecksum } from "../../storage/checksum.ts";
import { continuationScore, ownTemperatureOnly, takesInEnd } from "../boundary.ts";
import {
  type BaseModel,
  type Completion,
  defineModel,
  type GenerateRequest,
  type ModelEnvironment,
  type ScoredText,
  type ScoreRequest,
} from "../model.ts";
import { reasoningOption } from "../reasoning.ts";
import { type LlamaModel, loadLlamaFile } from "./llama-file.ts";
import { LlamaSequence } from "./llama-sequence.ts";
import { LlamaTokens } from "./llama-tokens.ts";
import { stopAt } from "./stop.ts";

const options = z.strictObject({
  path: pathText.describe("The .gguf file, relative to the config."),
  api: z
    .enum(["auto", "chat", "completions"])
    .default("auto")
    .describe(
      "`chat`: the file's own chat template. `completions`: the plain text of the slots. `auto`: chat where the file has a template.",
    ),
  contextSize: z
    .int()
    .min(64)
    .max(1_048_576)
    .default(4096)
    .describe("Tokens of prompt and answer together, at most what the model was trained on."),
  threads: z.int().min(1).max(256).default(1).describe("1 is best on small shared machines: waiting threads spin."),
  gpu: z.boolean().default(false).describe("Use a GPU when the installed binaries can."),
  stop: z
    .array(shortText)
    .max(4)
    .optional()
    .describe("Where answers end. Default: none for chat, a blank line for completions."),
  ...reasoningOption,
});

type Options = z.infer<typeof options>;

/** Changes when the same slots become other tokens: part of what a cached answer or score depends on. */
const PROMPTS = 2;

/** `gguf:`: a model file in process by node-llama-cpp (llama.cpp), an optional peer; exact prompt log-probabilities. */
export const gguf = defineModel<Options>({
  summary: "A model file of llama.cpp (.gguf).",
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
  const loaded = await loadLlamaFile(id, file, chosen.gpu);
  const { model } = loaded;
  const sequence = await LlamaSequence.open(model, chosen.contextSize, chosen.threads);
  const tokens = new LlamaTokens(loaded, chosen.api);
  const { chat, end, endText } = tokens;
  const stop = chosen.stop ?? (chat ? [] : ["\n\n"]);
  const api = chat ? "chat" : "completions";
  const weights = await fileChecksum(file);
  /** One sequence, one call at a time. */
  const queue = new PQueue({ concurrency: 1 });
  return {
    id,
    can: { chat, completion: true, promptLogprobs: true, endLogprobs: end !== null, seed: true, instructions: chat },
    scoring: { end: endText, begin: null, asItAnswers: true },
    remark: null,
    description: {
      provider: "gguf",
      file: path.basename(file),
      weights,
      api,
      contextSize: sequence.size,
      prompts: PROMPTS,
      end: endText,
    },
    profile: {
      identity: { provider: "gguf", prompts: PROMPTS, weights, api, contextSize: sequence.size, stop },
      account: null,
      limits: { concurrency: 1, requestsPerMinute: null, tokensPerMinute: null, timeoutMs: 3_600_000 },
      price: { inputPerMillion: 0, outputPerMillion: 0 },
      reasoning: chosen.reasoning,
    },
    generate: (request) => queue.add(() => generate(request, { model, sequence, tokens, stop })),
    score: (request) => queue.add(() => score(request, { sequence, tokens })),
    async close() {
      await sequence.close();
      await model.dispose();
    },
  };
}

/** An opened model, as its calls use it. */
interface Opened {
  readonly model: LlamaModel;
  readonly sequence: LlamaSequence;
  readonly tokens: LlamaTokens;
  /** Where answers end. */
  readonly stop: readonly string[];
}

async function generate(
  { prompt, decoding, seed, signal }: GenerateRequest,
  { model, sequence, tokens, stop }: Opened,
): Promise<Completion> {
  const ids = tokens.of(prompt, "");
  const cutOf = (answer: readonly number[]) => stopAt(model.detokenize(answer, false, ids), stop);
  const isDone = (answer: readonly number[]): boolean => stop.length > 0 && cutOf(answer).stopped;
  const answer = await sequence.draw(ids, { decoding, seed, signal, isDone });
  const { text, stopped } = cutOf(answer);
  const finish = !stopped && answer.length >= decoding.maxTokens ? "length" : "stop";
  return { text, tokensIn: ids.length, tokensOut: answer.length, finish };
}

async function score(
  request: ScoreRequest,
  { sequence, tokens }: Pick<Opened, "sequence" | "tokens">,
): Promise<ScoredText> {
  ownTemperatureOnly(request);
  const { end } = tokens;
  const before = tokens.of(request.prompt, "");
  const text = tokens.of(request.prompt, request.continuation);
  const whole = takesInEnd(request, end !== null) && end !== null ? [...text, end] : text;
  let shared = 0;
  while (shared < before.length && before[shared] === whole[shared]) shared += 1;
  const wholeShown = await sequence.show(whole, shared);
  const beforeShown = shared === before.length ? wholeShown.slice(0, shared) : await sequence.show(before, shared);
  return continuationScore(beforeShown, wholeShown);
}
