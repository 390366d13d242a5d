import type { Decoding } from "../core/sample.ts";
import type { Stream } from "../core/stream.ts";
import type { Prompt } from "./prompt.ts";

/** A call under a key: it is made once, whatever is interrupted. */
export interface AskedCall {
  /** Unique among the calls of its cell or fit, and the same in every run: "17", "round2/17". */
  readonly key: string;
  readonly prompt: Prompt;
  /** What this call asks of decoding beyond the table's setting. */
  readonly decoding?: Partial<Decoding> | undefined;
  /** 32-bit unsigned; absent: drawn from the cell's or fit's stream and the key. */
  readonly seed?: number | undefined;
  /** The call's place among those that may have the same prompt: caches key on it. Absent: drawn like the seed. */
  readonly index?: number | undefined;
}

/** What the model said. */
export interface Reply {
  readonly text: string;
  /** Whether the answer was kept already: nothing was asked. */
  readonly cached: boolean;
}

/** A choice among several options, under a key. */
export interface AskedChoice extends Omit<AskedCall, "decoding"> {
  readonly options: readonly string[];
  /** The order in which they are shown: as given, or permuted by the seed. Default `given`. */
  readonly order?: "given" | "permuted" | undefined;
  /** Tokens of an answer that names an option at most. Default: enough for the longest; reasoning takes more. */
  readonly maxTokens?: number | undefined;
}

/** The option a model took. */
export interface Choice {
  /** Position in `options`. */
  readonly index: number;
  /** ln of each option's probability, in the order given; null where the model gives none. */
  readonly logProbabilities: readonly number[] | null;
}

/** What a request draws with: as the call says, else out of the stream of its key below `random`. */
export function drawOf(
  random: Stream,
  { key, seed, index }: Pick<AskedCall, "key" | "seed" | "index">,
): { readonly seed: number; readonly sampleIndex: number } {
  const stream = random.derive(key);
  const [first, second] = [stream.uint32(), stream.uint32()];
  return { seed: seed ?? first, sampleIndex: index ?? second };
}

/** Makes a call, or gives what it was answered before. @throws CallError when the call fails for good */
export type Ask = (call: AskedCall) => Promise<Reply>;
