const WORD = /\p{L}[\p{L}'’-]+/gu;

/** Words of three letters and more, in lower case, each once. */
export function wordsOf(text: string): ReadonlySet<string> {
  return new Set((text.toLowerCase().match(WORD) ?? []).filter((word) => word.length >= 3));
}

/** How many texts hold each word. */
export function documentCounts(texts: readonly ReadonlySet<string>[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const words of texts) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/**
 * The words that set a group apart from the others: z-score of the log odds ratio with an informative Dirichlet prior
 * (Monroe, Colaresi and Quinn 2008, "Fightin' Words", eq. 22), counted by text. The prior is the whole set's distribution
 * with the weight of one text in ten of the group. Words of fewer than two of the group's texts are left out unless the group
 * has but one, and words with a z-score of 0.7 or less. Strongest first; ties in code-point order.
 */
export function distinctiveTerms(
  group: ReadonlyMap<string, number>,
  all: ReadonlyMap<string, number>,
  groupSize: number,
  limit: number,
): string[] {
  const sum = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((a, b) => a + b, 0);
  const total = sum(all);
  const inside = sum(group);
  const prior = Math.max(1, inside / 10);
  const scored: { readonly word: string; readonly z: number }[] = [];
  for (const [word, count] of group) {
    if (count < Math.min(2, groupSize)) continue;
    const everywhere = all.get(word) ?? count;
    const alpha = (prior * everywhere) / total;
    const a = count + alpha;
    const b = everywhere - count + alpha;
    const odds = Math.log(a / (inside + prior - a)) - Math.log(b / (total - inside + prior - b));
    const z = odds / Math.sqrt(1 / a + 1 / b);
    if (z > 0.7) scored.push({ word, z });
  }
  return scored
    .sort((x, y) => y.z - x.z || (x.word < y.word ? -1 : 1))
    .slice(0, limit)
    .map(({ word }) => word);
}
