import { existsSync } from "node:fs";
import path from "node:path";
import PQueue from "p-queue";
import { z } from "zod";
import { openTransformersPeer, peerFailure, peerId, peerShorthand } from "../../peers/transformers.ts";
import type { Prompt } from "../../prompts/prompt.ts";
import { continuationScore, type ShownToken, takesInEnd } from "../boundary.ts";
import {
  type BaseModel,
  defineModel,
  type GenerateRequest,
  type ModelEnvironment,
  type ScoreRequest,
} from "../model.ts";
import { reasoningOption } from "../reasoning.ts";
import { chatMessages, plainPrompt } from "../render.ts";
import { endOfAnswer, type WrittenMessage } from "./answer-end.ts";
import { fileChecksum } from "./checksum.ts";
import { stopAt } from "./stop.ts";

const options = z
  .strictObject({
    model: z.string().min(1).optional().describe("Hub id, such as HuggingFaceTB/SmolLM2-135M-Instruct."),
    path: z.string().min(1).optional().describe("A local folder with config.json, tokenizer.json and onnx/model.onnx."),
    revision: z.string().min(1).default("main").describe("Branch, tag or commit on the hub."),
    dtype: z.enum(["fp32", "fp16", "q8", "q4"]).default("fp32").describe("Precision of the weights."),
    api: z
      .enum(["auto", "chat", "completions"])
      .default("auto")
      .describe(
        "chat: the tokenizer's chat template; completions: the plain text of the slots. auto: chat where there is a template.",
      ),
    stop: z
      .array(z.string().min(1))
      .max(4)
      .optional()
      .describe("Where answers end. Default: none for chat, a blank line for completions."),
    ...reasoningOption,
  })
  .refine(
    (o) => (o.model === undefined) !== (o.path === undefined),
    "Give either `model` (a hub id) or `path` (a local folder).",
  );

type Options = z.infer<typeof options>;

/** `transformers:`: a causal language model in process by Transformers.js, an optional peer; exact prompt log-probabilities. */
export const transformers = defineModel<Options>({
  summary: "A causal language model in process, by Transformers.js: a hub id or a local folder",
  notes: {
    runs: "in process, by Transformers.js (optional package)",
    key: "none",
    "draws by seed": "yes",
    "prompt log-probabilities": "exact",
    page: "[transformers](transformers.md)",
  },
  options,
  shorthand: peerShorthand,
  id: peerId,
  create: openModel,
});

async function openModel(chosen: Options, { baseDir, offline }: ModelEnvironment, id: string): Promise<BaseModel> {
  const peer = await openTransformersPeer(id, chosen, { baseDir, offline });
  const { AutoModelForCausalLM, AutoTokenizer, Tensor, random } = peer.package;
  const { name, folder } = peer;
  const settings = { revision: chosen.revision };
  const [tokenizer, model] = await Promise.all([
    AutoTokenizer.from_pretrained(name, settings),
    AutoModelForCausalLM.from_pretrained(name, { ...settings, dtype: chosen.dtype, device: "cpu" }),
  ]).catch((error: unknown) => {
    throw peerFailure(id, peer, offline, error);
  });

  const chat = chosen.api === "chat" || (chosen.api === "auto" && Boolean(tokenizer.chat_template));
  const stop = chosen.stop ?? (chat ? [] : ["\n\n"]);
  const onnx = folder === null ? null : path.join(folder, "onnx", "model.onnx");
  const weights = onnx !== null && existsSync(onnx) ? await fileChecksum(onnx) : `${chosen.model}@${chosen.revision}`;
  /** One call at a time: the package's sampler has one seed for all. */
  const queue = new PQueue({ concurrency: 1 });

  const textOf = (prompt: Prompt): string =>
    chat
      ? tokenizer.apply_chat_template(chatMessages(prompt), { tokenize: false, add_generation_prompt: true })
      : plainPrompt(prompt);
  const idsOf = (text: string): number[] =>
    Array.from(tokenizer(text, { truncation: false, add_special_tokens: !chat }).input_ids.data, Number);
  const stops = [model.generation_config?.eos_token_id ?? tokenizer.eos_token_id ?? []].flat();
  const written = (messages: readonly WrittenMessage[]): string =>
    tokenizer.apply_chat_template(messages, { tokenize: false, add_generation_prompt: false });
  const end = endOfAnswer(stops, chat ? written : null, idsOf);
  const endText = end === null ? null : tokenizer.decode([end], { skip_special_tokens: false });
  const tensor = (values: readonly number[]) =>
    new Tensor("int64", BigInt64Array.from(values, BigInt), [1, values.length]);

  const shown = async (ids: readonly number[], temperature: number): Promise<ShownToken[]> => {
    const { logits } = await model({ input_ids: tensor(ids), attention_mask: tensor(ids.map(() => 1)) });
    const vocabulary = logits.dims[2] ?? 0;
    return ids.map((id, i) => ({
      id,
      logprob:
        i === 0 ? null : logSoftmaxAt(logits.data.subarray((i - 1) * vocabulary, i * vocabulary), id, temperature),
    }));
  };

  const score = (request: ScoreRequest) =>
    queue.add(async () => {
      const { prompt, continuation, temperature = 1 } = request;
      const text = textOf(prompt);
      const before = idsOf(text);
      const written = idsOf(text + continuation);
      const whole = takesInEnd(request, end !== null) && end !== null ? [...written, end] : written;
      const wholeShown = await shown(whole, temperature);
      const prefix = before.every((token, i) => token === whole[i]);
      return continuationScore(
        prefix ? wholeShown.slice(0, before.length) : await shown(before, temperature),
        wholeShown,
      );
    });

  const generate = ({ prompt, decoding, seed }: GenerateRequest) =>
    queue.add(async () => {
      const ids = idsOf(textOf(prompt));
      random.seed(seed);
      const { data } = await model.generate({
        inputs: tensor(ids),
        attention_mask: tensor(ids.map(() => 1)),
        max_new_tokens: decoding.maxTokens,
        do_sample: decoding.temperature > 0,
        temperature: decoding.temperature,
        top_p: decoding.topP,
        top_k: 0,
      });
      const answer = Array.from(data, Number).slice(ids.length);
      const cut = stopAt(tokenizer.decode(answer, { skip_special_tokens: true }), stop);
      const finish = !cut.stopped && answer.length >= decoding.maxTokens ? ("length" as const) : ("stop" as const);
      return { text: cut.text, tokensIn: ids.length, tokensOut: answer.length, finish };
    });

  return {
    id,
    can: { chat, completion: true, promptLogprobs: true, endLogprobs: end !== null, seed: true, instructions: chat },
    scoring: { end: endText, begin: null, asItAnswers: true },
    remark: null,
    description: {
      provider: "transformers",
      weights,
      dtype: chosen.dtype,
      api: chat ? "chat" : "completions",
      end: endText,
    },
    profile: {
      identity: { provider: "transformers", weights, dtype: chosen.dtype, api: chat ? "chat" : "completions", stop },
      account: null,
      limits: { concurrency: 1, requestsPerMinute: null, tokensPerMinute: null, timeoutMs: 3_600_000 },
      price: { inputPerMillion: 0, outputPerMillion: 0 },
      reasoning: chosen.reasoning,
    },
    generate,
    score,
    async close() {
      await model.dispose();
    },
  };
}

/** log p of one id under logits divided by a temperature, in float64. */
function logSoftmaxAt(logits: Float32Array, id: number, temperature: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of logits) if (value > largest) largest = value;
  let total = 0;
  for (const value of logits) total += Math.exp((value - largest) / temperature);
  return (logits[id]! - largest) / temperature - Math.log(total);
}
