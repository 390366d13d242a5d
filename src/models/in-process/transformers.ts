import { existsSync } from "node:fs";
import path from "node:path";
import PQueue from "p-queue";
import { z } from "zod";
import { pathText, shortText } from "../../config/bounds.ts";
import {
  openTransformersPeer,
  peerFailure,
  peerId,
  peerShorthand,
  type TransformersPeer,
} from "../../peers/transformers.ts";
import { fileChecksum } from "../../storage/checksum.ts";
import { continuationScore, takesInEnd } from "../boundary.ts";
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
import { CausalLanguageModel } from "./causal-model.ts";
import { CausalTokens } from "./causal-tokens.ts";
import { stopAt } from "./stop.ts";

const options = z
  .strictObject({
    model: shortText
      .optional()
      .describe("Hub id, such as `HuggingFaceTB/SmolLM2-135M-Instruct`; this or `path` is needed."),
    path: pathText
      .optional()
      .describe("A local folder, relative to the config, with config.json, tokenizer.json and onnx/model.onnx."),
    revision: shortText.default("main").describe("Branch, tag or commit on the hub."),
    dtype: z
      .enum(["fp32", "fp16", "q8", "q4"])
      .default("fp32")
      .describe("Precision of the weights: part of what the model is."),
    api: z
      .enum(["auto", "chat", "completions"])
      .default("auto")
      .describe(
        "`chat`: the tokenizer's chat template. `completions`: the plain text of the slots. `auto`: chat where there is a template.",
      ),
    stop: z
      .array(shortText)
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
  summary: "A causal language model of the Hugging Face hub or of a local folder.",
  notes: {
    runs: "in process, by Transformers.js (optional package)",
    key: "none",
    "draws by seed": "yes",
    "prompt log-probabilities": "exact",
    page: "[transformers](transformers.md)",
  },
  options,
  voids: [{ by: ({ path }) => (path === undefined ? null : "`path`"), options: ["revision"] }],
  shorthand: peerShorthand,
  id: peerId,
  create: openModel,
});

async function openModel(chosen: Options, { baseDir, offline }: ModelEnvironment, id: string): Promise<BaseModel> {
  const peer = await openTransformersPeer(id, chosen, { baseDir, offline });
  const { AutoModelForCausalLM, AutoTokenizer } = peer.package;
  const settings = { revision: chosen.revision };
  const [tokenizer, opened] = await Promise.all([
    AutoTokenizer.from_pretrained(peer.name, settings),
    AutoModelForCausalLM.from_pretrained(peer.name, { ...settings, dtype: chosen.dtype, device: "cpu" }),
  ]).catch((error: unknown) => {
    throw peerFailure(id, peer, offline, error);
  });
  const stops = [opened.generation_config?.eos_token_id ?? tokenizer.eos_token_id ?? []].flat();
  const tokens = new CausalTokens(tokenizer, chosen.api, stops);
  const model = new CausalLanguageModel(peer.package, opened);
  const { chat, end, endText } = tokens;
  const stop = chosen.stop ?? (chat ? [] : ["\n\n"]);
  const weights = await weightsOf(peer, chosen);
  const described = { provider: "transformers", weights, dtype: chosen.dtype, api: chat ? "chat" : "completions" };
  /** One call at a time: the package's sampler has one seed for all. */
  const queue = new PQueue({ concurrency: 1 });
  return {
    id,
    can: { chat, completion: true, promptLogprobs: true, endLogprobs: end !== null, seed: true, instructions: chat },
    scoring: { end: endText, begin: null, asItAnswers: true },
    remark: null,
    description: { ...described, end: endText },
    profile: {
      identity: { ...described, stop },
      account: null,
      limits: { concurrency: 1, requestsPerMinute: null, tokensPerMinute: null, timeoutMs: 3_600_000 },
      price: { inputPerMillion: 0, outputPerMillion: 0 },
      reasoning: chosen.reasoning,
    },
    generate: (request) => queue.add(() => generate(request, { model, tokens, stop })),
    score: (request) => queue.add(() => score(request, { model, tokens })),
    close: () => model.close(),
  };
}

/** What the weights are known by: a checksum of the file where it is at hand, else where they come from. */
async function weightsOf({ folder }: TransformersPeer, { model, revision }: Options): Promise<string> {
  const onnx = folder === null ? null : path.join(folder, "onnx", "model.onnx");
  return onnx !== null && existsSync(onnx) ? await fileChecksum(onnx) : `${model}@${revision}`;
}

/** An opened model, as its calls use it. */
interface Opened {
  readonly model: CausalLanguageModel;
  readonly tokens: CausalTokens;
  /** Where answers end. */
  readonly stop: readonly string[];
}

async function generate(
  { prompt, decoding, seed }: GenerateRequest,
  { model, tokens, stop }: Opened,
): Promise<Completion> {
  const ids = tokens.idsOf(tokens.textOf(prompt));
  const answer = await model.draw(ids, decoding, seed);
  const { text, stopped } = stopAt(tokens.answerOf(answer), stop);
  const finish = !stopped && answer.length >= decoding.maxTokens ? "length" : "stop";
  return { text, tokensIn: ids.length, tokensOut: answer.length, finish };
}

async function score(request: ScoreRequest, { model, tokens }: Pick<Opened, "model" | "tokens">): Promise<ScoredText> {
  const { prompt, continuation, temperature = 1 } = request;
  const { end } = tokens;
  const text = tokens.textOf(prompt);
  const before = tokens.idsOf(text);
  const written = tokens.idsOf(text + continuation);
  const whole = takesInEnd(request, end !== null) && end !== null ? [...written, end] : written;
  const wholeShown = await model.show(whole, temperature);
  const isPrefix = before.every((token, i) => token === whole[i]);
  const beforeShown = isPrefix ? wholeShown.slice(0, before.length) : await model.show(before, temperature);
  return continuationScore(beforeShown, wholeShown);
}
