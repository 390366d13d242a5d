import { hashOf, type JsonObject } from "../../core/hash.ts";
import type { GenerateRequest, ScoreRequest } from "../model.ts";

/**
 * The key of a drawn answer: everything that matters. The sample's index and its seed (derived from the run's seed, the cell
 * and the index) are part of it, so N equal prompts are N draws, also from a warm cache.
 */
export function generateKey(identity: JsonObject, { prompt, decoding, seed, sampleIndex }: GenerateRequest): string {
  const { instruction, persona, example, task } = prompt;
  return hashOf({
    call: "generate",
    identity,
    slots: [instruction, persona, example, task],
    decoding,
    seed,
    sampleIndex,
  });
}

/** The key of a score: it is no draw, so neither index nor seed enter. */
export function scoreKey(identity: JsonObject, { prompt, continuation, temperature }: ScoreRequest): string {
  const { instruction, persona, example, task } = prompt;
  const slots = [instruction, persona, example, task];
  return hashOf({ call: "score", identity, slots, continuation, temperature: temperature ?? 1 });
}
