import type { KeptCall } from "../core/sample.ts";
import type { BaseModel } from "../models/model.ts";
import { cutReasoning } from "../models/reasoning.ts";

/** What is wrong with an answer that ended before the mark that closes its reasoning. */
export const HALF_REASONING =
  "The answer ended by length within its reasoning, which other answers of the cell close and the prompt opened. Raise `decoding.maxTokens`.";

/**
 * Keys of calls of a whole cell that were answered by half of a reasoning. Where a model's template opens the reasoning in the
 * prompt, an answer that was cut off before the closing mark looks like text: once others of the cell show the mark, those
 * without it that ended by length are errors.
 */
export function halfReasoned({ profile }: BaseModel, calls: Iterable<KeptCall>): ReadonlySet<string> {
  if (profile?.reasoning !== "cut") return new Set();
  const cuts = [...calls].map((call) => {
    const answer = call.raw ?? call.text;
    return { call, cut: answer === null ? null : cutReasoning(answer) };
  });
  if (!cuts.some(({ cut }) => cut?.unopened)) return new Set();
  const halves = cuts.filter(({ call, cut }) => call.error === null && call.finish === "length" && cut?.cut === false);
  return new Set(halves.map(({ call }) => call.key));
}
