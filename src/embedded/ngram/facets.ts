import type { SparseVector } from "./features.ts";

/** Smallest number of texts a facet may have, and the largest share of all. */
const FEWEST = 8;
const LARGEST = 0.7;
/** Terms found in nearly the same texts (Jaccard) are one facet. */
const SAME = 0.9;
/** Facets a context may have at once. */
export const FACETS_AT_ONCE = 3;

/** A term of the contexts (a kind of place, an occasion, a label), and which texts have it. */
export interface Facet {
  readonly term: string;
  readonly members: readonly number[];
}

/**
 * The facets of the contexts: terms whose texts differ most from all texts, by number of texts times the squared distance of
 * the mean text vectors; at most `limit`.
 */
export function findFacets(
  contexts: readonly (readonly string[])[],
  vectors: readonly SparseVector[],
  width: number,
  limit: number,
): readonly Facet[] {
  const byTerm = new Map<string, number[]>();
  contexts.forEach((terms, i) => {
    for (const term of new Set(terms)) {
      const list = byTerm.get(term);
      if (list === undefined) byTerm.set(term, [i]);
      else list.push(i);
    }
  });
  const overall = mean(vectors, vectors.keys(), vectors.length, width);
  const candidates = [...byTerm]
    .filter(([, members]) => members.length >= FEWEST && members.length <= LARGEST * contexts.length)
    .map(([term, members]) => {
      const own = mean(vectors, members, members.length, width);
      let distance = 0;
      for (let j = 0; j < width; j++) distance += (own[j]! - overall[j]!) ** 2;
      return { term, members, gain: members.length * distance };
    })
    .sort((a, b) => b.gain - a.gain || (a.term < b.term ? -1 : 1));
  const kept: Facet[] = [];
  for (const { term, members } of candidates) {
    if (kept.length === limit) break;
    if (!kept.some((facet) => jaccard(facet.members, members) > SAME)) kept.push({ term, members });
  }
  return kept;
}

/** The facets a context has, as indices: up to FACETS_AT_ONCE of the fewest texts, that of the most texts first. */
export function facetsOf(facets: readonly Facet[], terms: readonly string[]): number[] {
  const has = new Set(terms);
  return Array.from(facets.keys())
    .filter((f) => has.has(facets[f]!.term))
    .sort((a, b) => facets[a]!.members.length - facets[b]!.members.length || a - b)
    .slice(0, FACETS_AT_ONCE)
    .reverse();
}

function mean(vectors: readonly SparseVector[], members: Iterable<number>, count: number, width: number): Float64Array {
  const sum = new Float64Array(width);
  for (const i of members) {
    const { indices, values } = vectors[i]!;
    for (let j = 0; j < indices.length; j++) sum[indices[j]!]! += values[j]! / count;
  }
  return sum;
}

/** Shared over joint, of two ascending lists. */
function jaccard(a: readonly number[], b: readonly number[]): number {
  const other = new Set(b);
  const shared = a.reduce((count, i) => count + (other.has(i) ? 1 : 0), 0);
  return shared / (a.length + b.length - shared);
}
