import { definer } from "../core/definition.ts";
import type { JsonObject } from "../core/hash.ts";
import type { PopulationRecord } from "../core/record.ts";
import type { Decoding, Finish } from "../core/sample.ts";
import type { CallLimits, Price } from "../http/limits.ts";
import type { Prompt } from "../prompts/prompt.ts";
import type { Adaptations } from "./adaptations.ts";
import type { ReasoningMode } from "./reasoning.ts";

/** What a model can do; methods say what they need. */
export interface Capabilities {
  readonly chat: boolean;
  readonly completion: boolean;
  /** log p(continuation | prompt) for texts we choose. */
  readonly promptLogprobs: boolean;
  /** Such a log-probability can take in the end of the text: that an answer would stop there. */
  readonly endLogprobs: boolean;
  /** Equal requests with equal seeds give equal answers. */
  readonly seed: boolean;
  /** Does what a free-form instruction asks; the embedded toys do not. */
  readonly instructions: boolean;
}

export type Capability = keyof Capabilities;

/** What every request may carry. */
export interface CallRequest {
  readonly signal?: AbortSignal | undefined;
}

/** What the layers (layers/) say of how an answer was come by, whatever its kind. */
export interface CallAnswer {
  /** When a cache answered: the time the answer was first given (ms since 1970). */
  readonly cachedAt?: number;
  /** Calls made beyond the first. */
  readonly retries?: number;
}

export interface GenerateRequest extends CallRequest {
  readonly prompt: Prompt;
  readonly decoding: Decoding;
  /** 32-bit unsigned, derived from the run's seed, the cell and the sample's index. */
  readonly seed: number;
  /** Position in its cell: N equal prompts must give N draws, so caches key on it. */
  readonly sampleIndex: number;
}

/** One answer. Token counts are null where the server does not say. */
export interface Completion extends CallAnswer {
  readonly text: string;
  readonly tokensIn: number | null;
  readonly tokensOut: number | null;
  readonly finish: Finish;
  /** The answer as it came, where reasoning was cut from its text. */
  readonly raw?: string;
}

export interface ScoreRequest extends CallRequest {
  readonly prompt: Prompt;
  readonly continuation: string;
  /** Whether the end of the text is scored as well, as the last token. Default: where the model can (`endLogprobs`). */
  readonly end?: boolean;
  /** The model's distribution is raised to 1/temperature and renormalized exactly. Default 1. */
  readonly temperature?: number;
}

/** What a model's scores are scores of: part of the key of every score that is kept. */
export interface Scoring {
  /** The token that a scored end of a text is (its text, or a name for it); null: ends cannot be scored. */
  readonly end: string | null;
  /** A token that prompts were found to need in front, which answers are drawn without; null: none. */
  readonly begin: string | null;
  /** Whether texts are scored after the very tokens that answers are drawn after: no server tells those of its chat template. */
  readonly asItAnswers: boolean;
}

/**
 * log p(continuation | prompt) in nats; `tokens` has one entry per token of the continuation, then one for its end where that
 * was asked for, and sums to `total`.
 */
export interface ScoredText extends CallAnswer {
  readonly total: number;
  readonly tokens: Float64Array;
  /** Tokens the model was shown to find out, where known: what the call cost. */
  readonly tokensIn?: number;
  /** Tokens it had to write to find out. @default 0 */
  readonly tokensOut?: number;
  /** Requests that it took. @default 1 */
  readonly requests?: number;
}

/** One of several options is to be picked. */
export interface ChooseRequest extends CallRequest {
  /** The question; the options are listed under its task (calls/listed-options.ts). */
  readonly prompt: Prompt;
  /** Their texts, at least one. */
  readonly options: readonly string[];
  /** 32-bit unsigned: decides the draw, and the order where that is permuted. */
  readonly seed: number;
  /** Position in its cell: as for answers, N equal requests are N draws. */
  readonly sampleIndex: number;
  /** The order in which the options are shown: as given, or permuted by the seed. Default `given`. */
  readonly order?: "given" | "permuted";
  /** Upper bound of new tokens where an answer is drawn. Default: enough for the longest option; reasoning takes more. */
  readonly maxTokens?: number;
}

/** The option that was picked. */
export interface Chosen extends CallAnswer {
  /** 0-based, in the order given, whatever order was shown. */
  readonly index: number;
  /** ln of each option's probability, in the order given; they sum to one over the options. null: an answer was drawn. */
  readonly logProbabilities: readonly number[] | null;
  /** Tokens that a provider's own way took, where known. */
  readonly tokensIn?: number | null;
  readonly tokensOut?: number | null;
}

/**
 * Present on models whose calls are worth keeping or leave the process: the layers around a model (layers/) read it.
 */
export interface CallProfile {
  /** What an answer depends on beside the request: provider, base URL, model, revision, style of call. Never a secret. */
  readonly identity: JsonObject;
  /** Tells values of `${NAME}` from others, where the identity holds names: caches go by it, recordings do not. */
  readonly variables?: string;
  /** Calls of one account share one limiter: provider, base URL and the name of the key variable. null: in process. */
  readonly account: string | null;
  readonly limits: CallLimits;
  /** Requests that a call takes at most, by the name of its kind, where that is more than one. */
  readonly requests?: Readonly<Record<string, number>>;
  /** null: not known, and said so. */
  readonly price: Price | null;
  /** Whether reasoning blocks are cut from answers; no part of the identity, since what came is kept. */
  readonly reasoning: ReasoningMode;
}

/**
 * A base model, never fine-tuned. Stateless between calls. Failures are CallErrors.
 */
export interface BaseModel {
  /** The id of rows: `provider:model` or the config's `as`. */
  readonly id: string;
  readonly can: Capabilities;
  /** Shown wherever results are shown: "toy" for the embedded models, null otherwise. */
  readonly remark: string | null;
  /** What must be said beside every table of its results, in sentences; absent where there is nothing. */
  readonly caveat?: string | undefined;
  /** For run.json: version, options, held-out perplexity of the embedded models, base URL; never a secret. */
  readonly description: JsonObject;
  /** Present when `can.promptLogprobs`. */
  readonly scoring?: Scoring;
  /** Absent for the embedded toys: nothing to keep, limit or pay. */
  readonly profile?: CallProfile;
  generate(request: GenerateRequest): Promise<Completion>;
  /** Present when `can.promptLogprobs`. */
  score?(request: ScoreRequest): Promise<ScoredText>;
  /** Only where the provider has a way of its own; a run's models all choose, by scores or by answers. */
  choose?(request: ChooseRequest): Promise<Chosen>;
  close?(): Promise<void>;
}

/** What a model's scores are of; null where it gives none. One that does not say scores the text alone, after the prompt as it is. */
export function scoringOf(model: Pick<BaseModel, "can" | "scoring">): Scoring | null {
  return model.can.promptLogprobs ? (model.scoring ?? { end: null, begin: null, asItAnswers: true }) : null;
}

/** One question by which a provider finds out what a server can do. */
export interface ProbeRequest<Found> extends CallRequest {
  /** Tokens that it takes at most. */
  readonly bound: { readonly tokensIn: number; readonly tokensOut: number };
  ask(signal: AbortSignal | undefined): Promise<Found>;
  /** Tokens that it took; null: not known. */
  cost(found: Found): { readonly tokensIn: number | null; readonly tokensOut: number | null };
}

/**
 * Asks a server as a run makes all its calls: within the limits of its account and the budget, under the clock and the user's
 * signal, again after failures that may pass. What it refuses (`bad-request`, `not-found`) is thrown and ends no other call.
 * @throws CallError; RunFailedError when the budget is spent
 */
export type Probe = <Found>(server: ProbedServer, request: ProbeRequest<Found>) => Promise<Found>;

/** The model behind a server that is asked, as far as it is known by then. */
export type ProbedServer = Required<Pick<BaseModel, "id" | "profile">>;

/** What a provider may use to make a model. */
export interface ModelEnvironment {
  /** The dataset's id and its background part: what embedded models learn from. */
  readonly dataset: string;
  readonly background: readonly PopulationRecord[];
  /** Environment variables, read only here. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Paths in options are relative to it. */
  readonly baseDir: string;
  /** Refuse every call out. */
  readonly offline: boolean;
  /**
   * Asks a server what it can do before it is used: there when some method needs prompt log-probabilities. Without it (plan, dry
   * run) what only a probe could tell is assumed.
   */
  readonly probe?: Probe | undefined;
  /** How the model's server is asked otherwise: shared by all that one run makes of the model. */
  readonly adaptations?: Adaptations;
  /** Every answer comes from a recording: no server is asked and no key is needed. */
  readonly replay?: boolean;
  /** Is told what the user should know of it. */
  readonly warn?: (message: string) => void;
}

/**
 * Defines a provider of base models.
 * @example
 * const echo = defineModel({
 *   summary: "says what it is asked",
 *   options: z.strictObject({}),
 *   id: () => "echo",
 *   create: (_options, _environment, id) => ({
 *     id, remark: null, description: {},
 *     can: { chat: true, completion: true, promptLogprobs: false, endLogprobs: false, seed: true, instructions: false },
 *     generate: async ({ prompt }) => ({ text: prompt.task, tokensIn: null, tokensOut: null, finish: "stop" }),
 *   }),
 * });
 */
export const defineModel = definer<ModelEnvironment, BaseModel>();
