import type { JsonObject } from "./hash.ts";

/** Why a model stopped. */
export type Finish = "stop" | "length" | "filter" | "error";

/** How a model is asked to draw; one setting for all methods of a table unless a method asks for its own. */
export interface Decoding {
  /** > 0; 1 is the model's own distribution. */
  readonly temperature: number;
  /** Nucleus in (0, 1]; 1 keeps all. */
  readonly topP: number;
  /** Upper bound of new tokens, >= 1. */
  readonly maxTokens: number;
}

/** A line of `samples.jsonl`: one answer, or one failed call (`text: null`, `error` set). */
export interface Sample {
  /** `<dataset>/<model>/<method>/<repeat>/<index>` in names that are safe for files. */
  readonly id: string;
  /** 0-based position in the cell. */
  readonly index: number;
  readonly context: string;
  readonly label: string | null;
  /** Id of the persona drawn, or null. */
  readonly persona: string | null;
  /** Ids of the real records shown in the prompt. */
  readonly exemplars: readonly string[];
  readonly promptHash: string;
  /** The answer after the method's clean-up. */
  readonly text: string | null;
  /** The answer as the model gave it. */
  readonly raw: string | null;
  readonly tokensIn: number | null;
  readonly tokensOut: number | null;
  readonly finish: Finish | null;
  readonly error: { readonly kind: string; readonly message: string } | null;
  readonly prompt?: { readonly system: string; readonly user: string };
  /**
   * Keys of the calls that made it, in `calls.jsonl` beside; absent where it has one call of its own, which then stands here.
   * With it `raw` and tokens are null, since calls may be shared, and `promptHash` and `finish` are the last call's.
   */
  readonly calls?: readonly string[];
  /** Columns of the method's own. */
  readonly notes?: JsonObject;
}

/** A call as the journal of its cell or fit keeps it: an answer, a choice, or why it failed. */
export interface KeptCall {
  /** Unique in the cell or fit. */
  readonly key: string;
  /** Of a choice: hash of the prompt's and the options. */
  readonly promptHash: string;
  /** What it asked of decoding beyond the run's setting; absent: nothing. */
  readonly decoding?: Partial<Decoding>;
  /** The answer without reasoning; null for a choice and where the call failed. */
  readonly text: string | null;
  /** The answer as it came, where that is not `text`. */
  readonly raw?: string | null;
  readonly tokensIn: number | null;
  readonly tokensOut: number | null;
  readonly finish: Finish | null;
  readonly error: { readonly kind: string; readonly message: string } | null;
  /** Which option was taken, and the log-probabilities of all where known (null: -Infinity, which JSON cannot hold). */
  readonly choice?: { readonly index: number; readonly logProbabilities: readonly (number | null)[] | null };
  readonly prompt?: { readonly system: string; readonly user: string };
}
