import { describe, expect, test } from "vitest";
import { type Matrix, matrix } from "../core/matrix.ts";
import { Stream } from "../core/stream.ts";
import { metricInput, normalRows } from "../testing/metrics/input.ts";
import { whitespace } from "../text/tokenizer.ts";
import { BagOfWords } from "./bag-of-words.ts";
import { labelJs } from "./label-js.ts";
import { SampleSet } from "./sample-set.ts";

const PRAISE = "a warm and lovely film i adored";
const BLAME = "a dull and dreadful mess i loathed";
const SHRUG = "it runs for ninety minutes in color";

const texts = (counts: readonly [string, number][]) => counts.flatMap(([text, n]) => Array<string>(n).fill(text));
const train = {
  texts: texts([
    [PRAISE, 20],
    [BLAME, 20],
    [SHRUG, 20],
  ]),
  labels: [...Array<string>(20).fill("good"), ...Array<string>(20).fill("bad"), ...Array<string>(20).fill("neither")],
};

const js = (p: readonly number[], q: readonly number[]) =>
  p.reduce((sum, x, i) => {
    const middle = (x + q[i]!) / 2;
    const part = (a: number) => (a === 0 ? 0 : a * Math.log(a / middle));
    return sum + (part(x) + part(q[i]!)) / 2;
  }, 0);

describe("label-js", () => {
  test("reads words where there are no embeddings: the shares one classifier gives both sides", async () => {
    const gold = new SampleSet({
      texts: texts([
        ["lovely warm", 5],
        ["dreadful dull", 3],
        ["ninety minutes", 2],
      ]),
    });
    const synthetic = new SampleSet({
      texts: texts([
        ["adored it, lovely", 8],
        ["dull mess", 2],
      ]),
    });
    const found = await labelJs.compute(metricInput(gold, synthetic, { train: () => train }), Stream.root(0));
    expect(found.value!).toBeCloseTo(js([0.5, 0.3, 0.2], [0.8, 0.2, 0]), 12);
    expect(found.settings).toMatchObject({ features: "words", classes: 3 });
  });

  test("reads embeddings where all sides have them", async () => {
    const halves = (share: number, seed: number): Matrix => {
      const noise = normalRows(100, 5, seed);
      return matrix(
        noise.data.map((x, at) => x + (at % 5 === 0 && at < 500 * share ? 12 : 0)),
        100,
        5,
      );
    };
    const input = metricInput(
      new SampleSet({ embeddings: halves(0.5, 1) }),
      new SampleSet({ embeddings: halves(0.9, 2) }),
      {
        train: () => ({
          texts: Array<string>(100).fill(""),
          labels: Array.from({ length: 100 }, (_, i) => (i < 40 ? "yes" : "no")),
          embeddings: halves(0.4, 3),
        }),
      },
    );
    const found = await labelJs.compute(input, Stream.root(0));
    expect(found.value!).toBeCloseTo(js([0.5, 0.5], [0.9, 0.1]), 12);
    expect(found.settings).toMatchObject({ features: "embeddings", classes: 2 });
  });

  test("is null, with the reason, without labeled training texts or with one class", async () => {
    const set = new SampleSet({ texts: [PRAISE] });
    expect(await labelJs.compute(metricInput(set, set), Stream.root(0))).toMatchObject({ value: null });
    const one = { texts: [PRAISE, BLAME], labels: ["x", "x"] };
    const found = await labelJs.compute(metricInput(set, set, { train: () => one }), Stream.root(0));
    expect(found).toMatchObject({ value: null, reason: expect.stringContaining("two classes") });
  });
});

describe("BagOfWords", () => {
  test("gives unit rows over the known words, zeros for none", () => {
    const bag = new BagOfWords(["b a", "a", "A c"], whitespace);
    const { data, cols } = bag.rows(["a A x", "nothing known"]);
    expect(cols).toBe(3);
    expect([...data]).toEqual([1, 0, 0, 0, 0, 0]);
  });
});
