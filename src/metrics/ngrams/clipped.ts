import type { TokenCorpus } from "../../text/token-corpus.ts";

/**
 * For each text the number of its n-grams that occur in some other text, each counted at most as often as in the text that
 * has it most often: the numerators of BLEU's modified precision with all other texts as references.
 *
 * Per n-gram it keeps the largest count in one text, how many texts have it, and the second largest: the maximum over all
 * texts but i is then known without looking at them. O(tokens).
 */
export function clippedMatches(corpus: TokenCorpus, n: number): Int32Array {
  const { ids, counts } = corpus.grams(n);
  const largest = new Int32Array(counts.length);
  const textsAtLargest = new Int32Array(counts.length);
  const second = new Int32Array(counts.length);
  const here = new Int32Array(counts.length);
  const touched = new Int32Array(corpus.tokens.length);

  eachText(corpus, ids, here, touched, (_, id, count) => {
    if (count > largest[id]!) {
      second[id] = largest[id]!;
      largest[id] = count;
      textsAtLargest[id] = 1;
    } else if (count === largest[id]) textsAtLargest[id]! += 1;
    else if (count > second[id]!) second[id] = count;
  });

  const matches = new Int32Array(corpus.size);
  eachText(corpus, ids, here, touched, (text, id, count) => {
    const aloneAtTop = count === largest[id] && textsAtLargest[id] === 1;
    matches[text]! += aloneAtTop ? second[id]! : count;
  });
  return matches;
}

/** Calls `visit` for each text and each distinct n-gram in it. `here` is scratch, all zeros before and after. */
function eachText(
  corpus: TokenCorpus,
  ids: Int32Array,
  here: Int32Array,
  touched: Int32Array,
  visit: (text: number, id: number, count: number) => void,
): void {
  const { starts } = corpus;
  for (let text = 0; text < corpus.size; text++) {
    let distinct = 0;
    const end = starts[text + 1]!;
    for (let at = starts[text]!; at < end; at++) {
      const id = ids[at]!;
      if (id < 0) break; // n-grams end before the text does
      if (here[id] === 0) touched[distinct++] = id;
      here[id]! += 1;
    }
    for (let k = 0; k < distinct; k++) {
      const id = touched[k]!;
      visit(text, id, here[id]!);
      here[id] = 0;
    }
  }
}
