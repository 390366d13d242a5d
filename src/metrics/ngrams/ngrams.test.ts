import { expect, test } from "vitest";
import { Stream } from "../../core/stream.ts";
import { gramsOfLength } from "../../text/grams.ts";
import { TokenCorpus } from "../../text/token-corpus.ts";
import { SuffixAutomaton } from "./automaton.ts";
import { clippedMatches } from "./clipped.ts";
import { NgramKernel } from "./cosine-kernel.ts";
import { CommonSubsequences } from "./lcs.ts";

/** Random texts over a small alphabet, so that runs, repeats and empty texts are common. */
function randomTexts(random: Stream, count: number, longest: number, alphabet: number): string[][] {
  return Array.from({ length: count }, () =>
    Array.from({ length: random.int(longest + 1) }, () => `w${random.int(alphabet)}`),
  );
}

const gramsIn = (text: readonly string[], n: number) =>
  Array.from({ length: Math.max(0, text.length - n + 1) }, (_, i) => text.slice(i, i + n).join(" "));

function countsIn(items: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

test("n-gram ids are exact: equal ids for equal n-grams and only for those", () => {
  const texts = randomTexts(Stream.root(1), 60, 12, 5);
  const corpus = new TokenCorpus(texts);
  for (let n = 1; n <= 6; n++) {
    const { ids, counts, total } = corpus.grams(n);
    expect(gramsOfLength(corpus, n)).toEqual(corpus.grams(n));
    const named = new Map<number, string>();
    for (const [i, text] of texts.entries()) {
      for (const [k, gram] of gramsIn(text, n).entries()) {
        const id = ids[corpus.starts[i]! + k]!;
        expect(named.get(id) ?? gram).toBe(gram);
        named.set(id, gram);
      }
    }
    const reference = countsIn(texts.flatMap((text) => gramsIn(text, n)));
    expect(named.size).toBe(reference.size);
    expect(counts.length).toBe(reference.size);
    expect(total).toBe([...reference.values()].reduce((sum, count) => sum + count, 0));
    for (const [id, gram] of named) expect(counts[id]).toBe(reference.get(gram));
  }
  expect(() => corpus.grams(0)).toThrow(RangeError);
});

test("clipped matches equal the definition", () => {
  const texts = randomTexts(Stream.root(2), 40, 10, 4);
  const corpus = new TokenCorpus(texts);
  for (const n of [1, 2, 3]) {
    const counts = texts.map((text) => countsIn(gramsIn(text, n)));
    const expected = counts.map((own, i) => {
      let matches = 0;
      for (const [gram, count] of own)
        matches += Math.min(count, Math.max(0, ...counts.map((other, j) => (j === i ? 0 : (other.get(gram) ?? 0)))));
      return matches;
    });
    expect([...clippedMatches(corpus, n)]).toEqual(expected);
  }
});

test("the longest run in an automaton equals the search of every start, and never crosses texts", () => {
  const random = Stream.root(3);
  for (let round = 0; round < 20; round++) {
    const alphabet = 2 + random.int(4);
    const sources = randomTexts(random, 8, 15, alphabet);
    const queries = randomTexts(random, 10, 15, alphabet + 1);
    const number = (word: string) => Number(word.slice(1));
    const automaton = new SuffixAutomaton(Int32Array.from(sources.flatMap((text, i) => [...text.map(number), -1 - i])));
    for (const query of queries) {
      let longest = 0;
      for (let from = 0; from < query.length; from++)
        for (let to = from + 1; to <= query.length; to++)
          if (sources.some((text) => gramsIn(text, to - from).includes(query.slice(from, to).join(" "))))
            longest = Math.max(longest, to - from);
      expect(automaton.longestRun(Int32Array.from(query, number), 0, query.length)).toBe(longest);
    }
  }
});

test.each(["simd", "plain"] as const)(
  "bit-parallel LCS equals the table, for texts of a block and more: %s",
  (kind) => {
    const table = (a: readonly string[], b: readonly string[]) => {
      let above = new Array<number>(b.length + 1).fill(0);
      for (const x of a) {
        const row = [0];
        for (const [j, y] of b.entries()) row.push(x === y ? above[j]! + 1 : Math.max(above[j + 1]!, row[j]!));
        above = row;
      }
      return above[b.length]!;
    };
    const random = Stream.root(4);
    const lengths = [0, 1, 31, 32, 33, 63, 64, 65, 90, 128, 129, 200];
    const texts = [...lengths, ...lengths].map((length) => Array.from({ length }, () => `w${random.int(6)}`));
    let rows = 0;
    new CommonSubsequences(new TokenCorpus(texts), kind).eachRow((i, shared) => {
      rows += 1;
      for (let j = i + 1; j < texts.length; j++)
        expect(shared[j], `${texts[i]!.length} with ${texts[j]!.length}`).toBe(table(texts[i]!, texts[j]!));
    });
    expect(rows).toBe(texts.length);
  },
);

test("the n-gram kernel equals mean cosines of counts, equal texts as one row", () => {
  const distinct = randomTexts(Stream.root(5), 25, 9, 5).filter((text) => text.length > 0);
  const texts = [...new Map(distinct.map((text) => [text.join(" "), text])).values()];
  const cosine = (a: readonly string[], b: readonly string[], n: number) => {
    const [x, y] = [countsIn(gramsIn(a, n)), countsIn(gramsIn(b, n))];
    const norm = (counts: Map<string, number>) => Math.hypot(...counts.values());
    let product = 0;
    for (const [gram, count] of x) product += count * (y.get(gram) ?? 0);
    return x.size === 0 || y.size === 0 ? 0 : product / (norm(x) * norm(y));
  };
  const kernel = new NgramKernel(new TokenCorpus(texts));
  const n = texts.length;
  expect(kernel.size).toBe(n);
  const dense = kernel.dense();
  const vector = Float64Array.from({ length: n }, (_, i) => Math.sin(i));
  const image = new Float64Array(n);
  kernel.multiply(vector, image);
  let [trace, squares] = [0, 0];
  for (const [i, a] of texts.entries()) {
    let product = 0;
    for (const [j, b] of texts.entries()) {
      const entry = [1, 2, 3, 4].reduce((sum, k) => sum + cosine(a, b, k) / 4, 0) / n;
      expect(dense[i * n + j]).toBeCloseTo(entry, 12);
      product += entry * vector[j]!;
      squares += entry * entry;
      if (i === j) trace += entry;
    }
    expect(image[i]).toBeCloseTo(product, 12);
  }
  const plain = new Float64Array(n);
  new NgramKernel(new TokenCorpus(texts), "plain").multiply(vector, plain);
  expect(plain).toEqual(image);
  expect(kernel.trace).toBeCloseTo(trace, 12);
  expect(kernel.squares).toBeCloseTo(squares, 12);
  const twice = new NgramKernel(new TokenCorpus([...texts, ...texts]));
  expect(twice.size).toBe(n);
  expect(twice.squares).toBeCloseTo(squares, 12);
});
