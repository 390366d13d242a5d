import { hashOf, type JsonObject } from "../../core/hash.ts";
import { takesInEnd } from "../boundary.ts";
import type { GenerateRequest, ScoreRequest, Scoring } from "../model.ts";

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

/**
 * The key of a score: it is no draw, so neither index nor seed enter.
 * @param scoring what the model's scores are of; a text with its end and one without are two scores
 * @throws CallError when the end is asked for and cannot be scored
 */
export function scoreKey(identity: JsonObject, { begin, end: token }: Scoring, request: ScoreRequest): string {
  const { prompt, continuation, temperature } = request;
  const { instruction, persona, example, task } = prompt;
  const slots = [instruction, persona, example, task];
  const end = takesInEnd(request, token !== null) ? token : null;
  return hashOf({ call: "score", identity, slots, continuation, temperature: temperature ?? 1, begin, end });
}
