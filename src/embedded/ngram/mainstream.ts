import { z } from "zod";
import { readWords, words } from "../words.ts";
import { dotRow, type SparseVector } from "./features.ts";

/** Words of polite, positive, noncommittal English: what an assistant tuned to please falls back on. */
export function readPolite(): ReadonlySet<string> {
  return new Set(readWords("polite", z.strictObject({ polite: words })).polite);
}

/** The share of a text's terms that are polite. */
export function politeness(terms: readonly string[], polite: ReadonlySet<string>): number {
  if (terms.length === 0) return 0;
  let count = 0;
  for (const term of terms) if (polite.has(term)) count++;
  return count / terms.length;
}

/**
 * Which texts make the mainstream: in every topic the share with the highest sum of three standard scores, taken within the
 * topic: closeness to the topic's mean, politeness, and nearness of log length to the topic's mean (minus the distance).
 * @returns true for the texts chosen; at least one in every topic that has texts.
 */
export function chooseMainstream(
  vectors: readonly SparseVector[],
  terms: readonly (readonly string[])[],
  topics: Int32Array,
  topicTexts: Float64Array,
  width: number,
  polite: ReadonlySet<string>,
  share: number,
): Uint8Array {
  const chosen = new Uint8Array(vectors.length);
  const members = new Map<number, number[]>();
  topics.forEach((topic, i) => {
    const list = members.get(topic);
    if (list === undefined) members.set(topic, [i]);
    else list.push(i);
  });
  for (const [topic, list] of members) {
    const central = standard(list.map((i) => dotRow(vectors[i]!, topicTexts, width, topic)));
    const pleasing = standard(list.map((i) => politeness(terms[i]!, polite)));
    const lengths = standard(list.map((i) => Math.log(1 + terms[i]!.length)));
    const order = list
      .map((i, at) => ({ i, score: central[at]! + pleasing[at]! - Math.abs(lengths[at]!) }))
      .sort((a, b) => b.score - a.score || a.i - b.i);
    for (const { i } of order.slice(0, Math.max(1, Math.round(share * list.length)))) chosen[i] = 1;
  }
  return chosen;
}

/** Standard scores; zeros where all values are equal. */
function standard(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const scale = variance > 0 ? 1 / Math.sqrt(variance) : 0;
  return values.map((value) => (value - mean) * scale);
}
