import { splitTokens } from "../core/tokens.ts";
import { Components } from "./components.ts";
import { gramsOfLength } from "./grams.ts";
import { linkSimilarSets, type NumberSets } from "./similar-sets.ts";
import { TokenCorpus } from "./token-corpus.ts";
import { UNSPACED } from "./unspaced.ts";

/** Runs of this many words are what two texts are compared by. */
const RUN = 5;
/** Two texts are near-copies from this Jaccard similarity of their runs on: 4/5. */
const SIMILAR = [4, 5] as const;

/**
 * The near-copies among texts: for each text the number of its group, groups numbered from 0 in the order of their first text.
 *
 * Two texts are near-copies when their `copyKey` is equal, or when the Jaccard similarity of their sets of five-word runs is at
 * least 0.8; words are those of the key, and every character of a script without spaces (Chinese, Japanese, Thai, ...) is a
 * word. Texts of fewer than five words have no run: only equal keys make them copies. A group holds all texts that are linked
 * through others, too. The groups depend neither on the order of the texts nor on chance.
 *
 * @returns one group number a text; time and memory grow with the number of words as long as texts are not made from a template
 */
export function copyGroups(texts: readonly string[]): Int32Array {
  const groups = new Components(texts.length);
  const firsts = new Map<string, number>();
  for (const [i, text] of texts.entries()) {
    const key = copyKey(text);
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, i);
    else groups.link(first, i);
  }
  const different = Int32Array.from(firsts.values());
  const similar = new Components(different.length);
  linkSimilarSets(runsOf(firsts.keys()), SIMILAR, similar);
  for (const [i, text] of different.entries()) groups.link(text, different[similar.find(i)]!);
  return numbered(texts.length, groups);
}

/**
 * What is equal for texts that differ in form only: NFKC, lower case, single spaces (line ends are spaces), none at the ends, no
 * punctuation at the end. A text of nothing but punctuation keeps it.
 */
export function copyKey(text: string): string {
  const plain = splitTokens(text.normalize("NFKC").toLowerCase()).join(" ");
  let end = plain.length;
  while (end > 0) {
    const last = plain.codePointAt(end - 2) ?? 0;
    const width = last > 0xffff ? 2 : 1;
    if (!PUNCTUATION_OR_SPACE.test(plain.slice(end - width, end))) return plain.slice(0, end);
    end -= width;
  }
  return plain;
}

const PUNCTUATION_OR_SPACE = /^[\p{P} ]$/u;

/** The words of a key: what lies between spaces, characters of scripts without spaces one by one. */
export function copyWords(key: string): string[] {
  return splitTokens(key.replace(UNSPACED, " $& "));
}

/** Each key's set of runs, numbered so that rare runs have low numbers. */
function runsOf(keys: Iterable<string>): NumberSets {
  const corpus = new TokenCorpus(mapped(keys, copyWords));
  const grams = gramsOfLength(corpus, RUN);
  const ranks = ranksByCount(grams.counts);
  const items = new Int32Array(grams.total);
  const starts = new Int32Array(corpus.size + 1);
  let filled = 0;
  for (let text = 0; text < corpus.size; text++) {
    const from = filled;
    for (let at = corpus.starts[text]!; at <= corpus.starts[text + 1]! - RUN; at++)
      items[filled++] = ranks[grams.ids[at]!]!;
    filled = from + withoutRepeats(items.subarray(from, filled).sort());
    starts[text + 1] = filled;
  }
  return { items: items.subarray(0, filled), starts, bound: grams.counts.length };
}

/** For each id its place when ids are sorted by how often they occur, equal ones by id: a counting sort. */
function ranksByCount(counts: Int32Array): Int32Array {
  const next = new Int32Array(counts.reduce((most, count) => Math.max(most, count), 0) + 2);
  for (const count of counts) next[count + 1]! += 1;
  for (let count = 1; count < next.length; count++) next[count]! += next[count - 1]!;
  return counts.map((count) => next[count]!++);
}

/** Moves the distinct numbers of a sorted list to its start. @returns how many they are */
function withoutRepeats(sorted: Int32Array): number {
  let kept = 0;
  for (const value of sorted) if (kept === 0 || sorted[kept - 1] !== value) sorted[kept++] = value;
  return kept;
}

function numbered(size: number, groups: Components): Int32Array {
  const numbers = new Map<number, number>();
  return Int32Array.from({ length: size }, (_, i) => {
    const root = groups.find(i);
    const number = numbers.get(root) ?? numbers.size;
    numbers.set(root, number);
    return number;
  });
}

function* mapped<T, U>(items: Iterable<T>, map: (item: T) => U): Generator<U> {
  for (const item of items) yield map(item);
}
