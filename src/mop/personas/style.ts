import { splitTokens } from "../../core/tokens.ts";

/** A habit of writing that can be counted, and what to say of someone who has much or little of it. Free of sentiment. */
interface Habit {
  /** The habit's amount in one text. */
  readonly amount: (text: string, words: readonly string[], sentences: number) => number;
  readonly much: string;
  /** null: having little of it is nothing to tell. */
  readonly little: string | null;
}

const perSentence = (pattern: RegExp) => (text: string, _words: readonly string[], sentences: number) =>
  (text.match(pattern)?.length ?? 0) / sentences;
const perWord = (test: (word: string) => boolean) => (_text: string, words: readonly string[]) =>
  words.filter(test).length / Math.max(1, words.length);
const oneOf = (...list: readonly string[]) => {
  const set = new Set(list);
  return (word: string) =>
    set.has(
      word
        .toLowerCase()
        .replace(/^\P{L}+|\P{L}+$/gu, "")
        .replace("’", "'"),
    );
};

const habits: readonly Habit[] = [
  {
    amount: (_text, words, sentences) => words.length / sentences,
    much: "builds long sentences",
    little: "builds short sentences",
  },
  {
    amount: (_text, words) => words.reduce((sum, word) => sum + word.length, 0) / Math.max(1, words.length),
    much: "chooses long words",
    little: "chooses short, plain words",
  },
  { amount: perSentence(/!/gu), much: "uses exclamation marks", little: null },
  { amount: perSentence(/\?/gu), much: "asks questions", little: null },
  { amount: perSentence(/\.{2,}|…/gu), much: "trails off with dots", little: null },
  { amount: perSentence(/[()]/gu), much: "adds asides in brackets", little: null },
  { amount: perSentence(/ [-–—] |—/gu), much: "breaks sentences with dashes", little: null },
  { amount: perSentence(/,/gu), much: "strings clauses together with commas", little: "hardly uses commas" },
  { amount: perSentence(/["“”]/gu), much: "puts words in quotation marks", little: null },
  { amount: perSentence(/\p{Extended_Pictographic}/gu), much: "uses emoji", little: null },
  { amount: perWord((word) => /\d/u.test(word)), much: "gives figures", little: null },
  { amount: perWord((word) => /\p{Lu}{3,}/u.test(word)), much: "puts words in capitals", little: null },
  {
    amount: (text) => (/^\P{L}*\p{Ll}/u.test(text) ? 1 : 0),
    much: "starts without a capital letter",
    little: null,
  },
  {
    amount: perWord(oneOf("i", "i'm", "i've", "i'd", "i'll", "me", "my", "mine", "myself")),
    much: "speaks in the first person",
    little: "stays out of the text",
  },
  { amount: perWord(oneOf("we", "us", "our", "ours", "we're", "we've")), much: "speaks for a group", little: null },
  { amount: perWord(oneOf("you", "your", "you're", "you'll", "yours")), much: "addresses the reader", little: null },
  {
    amount: perWord((word) => /\p{L}['’]\p{L}/u.test(word)),
    much: "uses contractions",
    little: "avoids contractions",
  },
];

/** Habits of one text, in the order of the list above. */
export function countHabits(text: string): Float64Array {
  const words = splitTokens(text);
  const sentences = Math.max(1, text.match(/[.!?…]+(?=\s|$)/gu)?.length ?? 1);
  return Float64Array.from(habits, (habit) => habit.amount(text, words, sentences));
}

/**
 * Phrases for the habits in which a group differs most from all texts: difference of means over the standard deviation of
 * all texts (Cohen's d), at least `threshold` apart, the strongest first.
 * @param group rows of `countHabits` of the group's texts
 * @param all rows of all texts
 */
export function habitPhrases(
  group: readonly Float64Array[],
  all: readonly Float64Array[],
  limit: number,
  threshold = 0.25,
): string[] {
  const found: { readonly phrase: string; readonly effect: number }[] = [];
  for (const [h, habit] of habits.entries()) {
    const mean = meanOf(all, h);
    const spread = Math.sqrt(all.reduce((sum, row) => sum + (row[h]! - mean) ** 2, 0) / Math.max(1, all.length));
    if (spread === 0) continue;
    const effect = (meanOf(group, h) - mean) / spread;
    const phrase = effect > 0 ? habit.much : habit.little;
    if (phrase !== null && Math.abs(effect) >= threshold) found.push({ phrase, effect: Math.abs(effect) });
  }
  // Sorting is stable: equal effects stay in the list's order.
  return found
    .sort((a, b) => b.effect - a.effect)
    .slice(0, limit)
    .map(({ phrase }) => phrase);
}

function meanOf(rows: readonly Float64Array[], column: number): number {
  let sum = 0;
  for (const row of rows) sum += row[column]!;
  return sum / Math.max(1, rows.length);
}
