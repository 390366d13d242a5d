import { copyKey, copyWords } from "../../text/near-copies.ts";
import { TokenCorpus } from "../../text/token-corpus.ts";

/**
 * How much of a text's wording stands in each of a pool's texts: the sum over the word pairs they share of ln(texts / texts that
 * hold the pair). A base model finds a text likelier after an exemplar that holds its rare phrases, so this says which pairs a
 * likelihood lies in better than the cosine of their embeddings does (docs/mop.md).
 *
 * @returns for text i its overlap with each of the pool's texts, in the pool's order; the array is overwritten by the next call
 */
export function overlaps(texts: readonly string[], pool: readonly string[]): (i: number) => Float64Array {
  const corpus = new TokenCorpus([...texts, ...pool].map((text) => copyWords(copyKey(text))));
  const { ids, counts } = corpus.grams(2);
  const distinct = (text: number): Set<number> => {
    const found = new Set(ids.subarray(corpus.starts[text]!, corpus.starts[text + 1]!));
    found.delete(-1); // where the text ends
    return found;
  };
  const holders = new Int32Array(counts.length);
  const inPool = new Map<number, number[]>();
  for (let text = 0; text < corpus.size; text++)
    for (const id of distinct(text)) {
      holders[id]!++;
      if (text < texts.length) continue;
      const known = inPool.get(id);
      if (known === undefined) inPool.set(id, [text - texts.length]);
      else known.push(text - texts.length);
    }
  const sums = new Float64Array(pool.length);
  return (i) => {
    sums.fill(0);
    for (const id of distinct(i)) {
      const rarity = Math.log(corpus.size / holders[id]!);
      for (const j of inPool.get(id) ?? []) sums[j]! += rarity;
    }
    return sums;
  };
}
