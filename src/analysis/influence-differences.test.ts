import { describe, expect, it } from "vitest";
import { Stream } from "../core/stream.ts";
import { fidDerivative } from "../metrics/fid-derivative.ts";
import { SampleSet } from "../metrics/sample-set.ts";
import { plainFid } from "../testing/plain-fid.ts";
import { embeddingSet, points } from "../testing/populations.ts";
import { swapSamples } from "./aligned-set.ts";
import { influenceDifferences } from "./influence-differences.ts";

const random = Stream.root(3);
const d = 12;
const gold = points(random.derive("gold"), 300, d);
const average = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

describe("influenceDifferences of FID", () => {
  it.each([
    { name: "one is shifted", a: {}, b: { shift: 0.6 } },
    { name: "one is too narrow", a: {}, b: { spread: 0.9 } },
    { name: "one misses a topic", a: { topics: 3 }, b: {} },
  ])("averages to the difference of the two FIDs when $name", ({ name, a, b }) => {
    // Many texts: FID's bias in n, a term of second order in the noise, is not in the derivative.
    const pair = {
      a: embeddingSet(points(random.derive(name, "a"), 8_000, d, a)),
      b: embeddingSet(points(random.derive(name, "b"), 8_000, d, b)),
    };
    const exact = plainFid(pair.a.embeddings!, gold) - plainFid(pair.b.embeddings!, gold);
    const [differences] = influenceDifferences([pair], embeddingSet(gold), fidDerivative)!;
    expect(average(differences!) / exact).toBeGreaterThan(0.95);
    expect(average(differences!) / exact).toBeLessThan(1.05);
  });

  it("predicts what a swap does to the difference", () => {
    const pair = {
      a: embeddingSet(points(random.derive("a"), 200, d)),
      b: embeddingSet(points(random.derive("b"), 200, d, { shift: 0.3 })),
    };
    const [differences] = influenceDifferences([pair], embeddingSet(gold), fidDerivative)!;
    const marks = Uint8Array.from({ length: 200 }, () => random.int(2));
    const swapped = swapSamples(pair, marks);
    const exact = plainFid(swapped.a.embeddings!, gold) - plainFid(swapped.b.embeddings!, gold);
    const predicted = average(differences!.map((value, i) => (1 - 2 * marks[i]!) * value));
    const before = plainFid(pair.a.embeddings!, gold) - plainFid(pair.b.embeddings!, gold);
    expect(Math.abs(predicted - exact)).toBeLessThan(0.05 * Math.abs(exact - before));
  });

  it("depends on the pooled texts alone: swapping only changes signs", () => {
    const pair = {
      a: embeddingSet(points(random.derive("c"), 40, d)),
      b: embeddingSet(points(random.derive("e"), 40, d)),
    };
    const marks = Uint8Array.from({ length: 40 }, () => random.int(2));
    const [before] = influenceDifferences([pair], embeddingSet(gold), fidDerivative)!;
    const [after] = influenceDifferences([swapSamples(pair, marks)], embeddingSet(gold), fidDerivative)!;
    after!.forEach((value, i) => {
      expect(value).toBeCloseTo((1 - 2 * marks[i]!) * before![i]!, 9);
    });
  });

  it("stays finite when gold or the texts span fewer directions than the encoder has", () => {
    const narrow = embeddingSet(points(random.derive("f"), 6, 30));
    const pair = {
      a: embeddingSet(points(random.derive("g"), 5, 30)),
      b: embeddingSet(points(random.derive("h"), 5, 30)),
    };
    const [differences] = influenceDifferences([pair], narrow, fidDerivative)!;
    expect(differences!.every(Number.isFinite)).toBe(true);
    const equal = { a: embeddingSet(points(random, 1, 3)), b: embeddingSet(points(random, 1, 3)) };
    expect(
      influenceDifferences([equal], embeddingSet(points(random, 3, 3)), fidDerivative)?.[0]?.every(Number.isFinite),
    ).toBe(true);
  });

  it("needs embeddings on every side", () => {
    const texts = new SampleSet({ texts: ["a", "b"] });
    expect(influenceDifferences([{ a: texts, b: texts }], embeddingSet(gold), fidDerivative)).toBeNull();
  });
});
