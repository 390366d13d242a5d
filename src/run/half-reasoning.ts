import type { Sample } from "../core/sample.ts";
import type { BaseModel } from "../models/model.ts";
import { cutReasoning } from "../models/reasoning.ts";

/** What is wrong with an answer that ended before the mark that closes its reasoning. */
export const HALF_REASONING =
  "The answer ended by length within its reasoning, which other answers of the cell close and the prompt opened. Raise `decoding.maxTokens`.";

/**
 * The samples of a whole cell. Where a model's template opens the reasoning in the prompt, an answer that was cut off before the
 * closing mark looks like text: once others of the cell show the mark, those without it that ended by length are errors.
 */
export function withoutHalfReasoning({ profile }: BaseModel, samples: readonly Sample[]): readonly Sample[] {
  if (profile?.reasoning !== "cut") return samples;
  const cuts = samples.map(({ raw }) => (raw === null ? null : cutReasoning(raw)));
  if (!cuts.some((cut) => cut?.unopened)) return samples;
  return samples.map((sample, i) => {
    if (sample.error !== null || sample.finish !== "length" || cuts[i]?.cut !== false) return sample;
    return { ...sample, text: null, finish: "error", error: { kind: "reasoning", message: HALF_REASONING } };
  });
}
