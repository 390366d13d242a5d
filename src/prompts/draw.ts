import type { Decoding } from "../core/sample.ts";
import type { Prompt } from "./prompt.ts";

/** One prompt with what went into it. */
export interface Draw {
  readonly prompt: Prompt;
  /** Id of the persona drawn, or null. */
  readonly persona: string | null;
  /** Ids of the real records shown. */
  readonly exemplars: readonly string[];
  /** What this draw asks of decoding beyond the table's setting (MoP's tau_k). */
  readonly decoding?: Partial<Decoding>;
}
