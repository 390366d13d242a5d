import type { PopulationRecord } from "../../core/record.ts";
import { splitTokens } from "../../core/tokens.ts";
import { countHabits, habitPhrases } from "./style.ts";
import { distinctiveTerms, documentCounts, wordsOf } from "./terms.ts";

/** How much a description tells. */
export interface DescriptionLimits {
  readonly terms: number;
  readonly habits: number;
  readonly contexts: number;
}

/**
 * Describes groups of records in readable sentences without a language model: length, habits of writing, favourite words and
 * usual occasions, each where the group differs from all records. Deterministic; one description a group, in order.
 * @param groups positions in `records`; none empty
 */
export function describeGroups(
  records: readonly PopulationRecord[],
  groups: readonly (readonly number[])[],
  limits: DescriptionLimits,
): string[] {
  const habits = records.map((r) => countHabits(r.text));
  const words = records.map((r) => wordsOf(r.text));
  const lengths = records.map((r) => splitTokens(r.text).length);
  const allWords = documentCounts(words);
  const allContexts = contextCounts(records);
  return groups.map((group) => {
    const own = group.map((i) => records[i]!);
    const phrases = habitPhrases(
      group.map((i) => habits[i]!),
      habits,
      limits.habits,
    );
    const terms = distinctiveTerms(documentCounts(group.map((i) => words[i]!)), allWords, group.length, limits.terms);
    const typical = typicalContexts(own, allContexts, records.length, limits.contexts);
    const first = [`writes about ${roundLength(median(group.map((i) => lengths[i]!)))}`, ...phrases];
    const sentences = [`Someone who ${joinWords(first)}.`];
    if (terms.length > 0) sentences.push(`Favourite words: ${terms.join(", ")}.`);
    if (typical.length > 0) sentences.push(`Writes more than others about: ${typical.join("; ")}.`);
    return sentences.join(" ");
  });
}

function contextCounts(records: readonly PopulationRecord[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { context } of records) counts.set(context.text, (counts.get(context.text) ?? 0) + 1);
  return counts;
}

/** Contexts at least twice as frequent in the group as everywhere, and a twentieth of it or more; none where all are equal. */
function typicalContexts(
  own: readonly PopulationRecord[],
  all: ReadonlyMap<string, number>,
  total: number,
  limit: number,
): string[] {
  return [...contextCounts(own)]
    .filter(([text]) => text.trim() !== "" && text.length <= 80)
    .map(([text, count]) => ({ text, share: count / own.length, lift: count / own.length / (all.get(text)! / total) }))
    .filter(({ share, lift }) => share >= 0.05 && lift >= 2)
    .sort((a, b) => b.share * b.lift - a.share * a.lift || (a.text < b.text ? -1 : 1))
    .slice(0, limit)
    .map(({ text }) => text);
}

function roundLength(words: number): string {
  const rounded = words < 10 ? words : words < 50 ? Math.round(words / 5) * 5 : Math.round(words / 10) * 10;
  return rounded === 1 ? "one word" : `${rounded} words`;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

/** "a", "a and b", "a, b and c". */
function joinWords(parts: readonly string[]): string {
  const last = parts.at(-1) ?? "";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}
