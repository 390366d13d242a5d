import type { Stream } from "../ports.ts";
import { cluster, nearestCluster } from "./clusters.ts";
import type { SparseVector } from "./features.ts";
import { core, holdsWord } from "./tokenizer.ts";
import { END, ESCAPES, type Vocabulary } from "./vocabulary.ts";

/** How many frequent tokens serve as neighbors, and from how many frequent tokens the clusters are made. */
const NEIGHBORS = 250;
const LEADERS = 3000;

/** Which tokens behave alike: a class number for every token of the vocabulary, classes 0 .. count - 1. */
export interface WordClasses {
  readonly count: number;
  readonly of: Int32Array;
}

/**
 * Classes of tokens with similar neighbors: spherical k-means on logarithms of how often each frequent token stands to the left
 * and to the right, with the token's last letters and capitals as hints for rare ones. The end and each escape have classes of their own, and
 * tokens that begin or end in different ways (see tokenizer.ts) never share one.
 */
export function findWordClasses(
  texts: readonly Int32Array[],
  vocabulary: Vocabulary,
  occurrences: Int32Array,
  wanted: number,
  random: Stream,
): WordClasses {
  const offset = 1 + ESCAPES.length;
  const byFrequency = Array.from({ length: vocabulary.size - offset }, (_, i) => offset + i).sort(
    (a, b) => occurrences[b]! - occurrences[a]! || a - b,
  );
  const { vectors, width } = neighborVectors(texts, vocabulary, [END, ...byFrequency.slice(0, NEIGHBORS)]);
  const leaders = byFrequency.slice(0, LEADERS);
  const clusters = cluster(
    leaders.map((id) => vectors[id]!),
    width,
    wanted,
    random,
  );
  const numbers = new Map<string, number>();
  const of = Int32Array.from({ length: vocabulary.size }, (_, id) => {
    let key = `own ${id}`;
    if (id >= offset) {
      key = `${nearestCluster(clusters, vectors[id]!)} ${vocabulary.starts[id]} ${vocabulary.tails[id]}`;
    }
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
  return { count: numbers.size, of };
}

/** A unit vector for each token: left neighbors, right neighbors, spelling. */
function neighborVectors(
  texts: readonly Int32Array[],
  vocabulary: Vocabulary,
  neighbors: readonly number[],
): { vectors: SparseVector[]; width: number } {
  const column = new Int32Array(vocabulary.size).fill(-1);
  neighbors.forEach((id, i) => {
    column[id] = i;
  });
  const counts: Map<number, number>[] = Array.from({ length: vocabulary.size }, () => new Map());
  const bump = (id: number, feature: number) => counts[id]!.set(feature, (counts[id]!.get(feature) ?? 0) + 1);
  for (const text of texts) {
    for (let i = 0; i < text.length; i++) {
      const left = column[i === 0 ? END : text[i - 1]!]!;
      if (left >= 0) bump(text[i]!, left);
      if (i > 0 && column[text[i]!]! >= 0) bump(text[i - 1]!, neighbors.length + column[text[i]!]!);
    }
  }
  const spellings = new Map<string, number>();
  const vectors = counts.map((features, id) => {
    const indices: number[] = [];
    const values: number[] = [];
    for (const [feature, count] of features) {
      indices.push(feature);
      values.push(Math.log1p(count));
    }
    for (const hint of id > ESCAPES.length ? hintsOf(vocabulary.textOf(id)) : []) {
      const number = spellings.get(hint) ?? spellings.size;
      spellings.set(hint, number);
      indices.push(2 * neighbors.length + number);
      values.push(0.5);
    }
    const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0)) || 1;
    return { indices: Int32Array.from(indices), values: Float64Array.from(values, (value) => value / length) };
  });
  return { vectors, width: 2 * neighbors.length + spellings.size };
}

/** What a word's spelling says of its part of speech. */
function hintsOf(token: string): string[] {
  const bare = core(token);
  if (!holdsWord(token)) return [`mark ${bare}`];
  if (/\d/.test(bare)) return ["digit"];
  const hints = [`ends ${bare.slice(-2).toLowerCase()}`];
  if (bare[0] !== bare[0]!.toLowerCase()) hints.push("capital");
  return hints;
}
