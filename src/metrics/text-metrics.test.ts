import { describe, expect, test } from "vitest";
import { Stream } from "../core/stream.ts";
import fixture from "../testing/metrics/text.json" with { type: "json" };
import { evaluate } from "./evaluate.ts";
import { evidenceOf } from "./evidence.ts";
import type { MetricInput } from "./metric.ts";
import { ngramVendiScore } from "./ngram-vendi.ts";
import { corpusOf } from "./ngrams/corpus.ts";
import { SampleSet } from "./sample-set.ts";
import { selectMetrics } from "./select.ts";

const IDS = [
  ...["self-bleu", "self-bleu-2", "self-bleu-3", "self-bleu-4", "self-bleu-5"],
  ...["distinct", "distinct-1", "distinct-2", "distinct-3", "distinct-4"],
  ...["entropy", "entropy-1", "entropy-2", "entropy-3", "entropy-4"],
  ...["ngram-vendi", "compression", "self-repetition", "homogenization", "ingf"],
  ...["duplicate-rate", "memorization", "longest-copy", "length-gap"],
];

function input(synthetic: readonly string[], gold: readonly string[], exemplars: readonly string[] | null = null) {
  return {
    synthetic: new SampleSet({ texts: synthetic }),
    gold: new SampleSet({ texts: gold }),
    evidence: evidenceOf(exemplars === null ? {} : { exemplars: () => exemplars }),
  } satisfies MetricInput;
}

async function values(...sets: Parameters<typeof input>) {
  const results = await evaluate(selectMetrics(IDS), input(...sets), Stream.root(1));
  return new Map(results.map(({ metric, value }) => [metric.id, value]));
}

const { sentences } = fixture;
const half = sentences.slice(0, 30);
const rest = sentences.slice(30);

test("every id has a value for sound texts, with gold's own where gold is the target", async () => {
  const found = await values(sentences, [...rest, ...rest.slice(0, 3)]); // INGF needs a trigram that returns
  for (const metric of selectMetrics(IDS)) {
    const value = found.get(metric.id)!;
    expect(value.value, metric.id).toBeGreaterThanOrEqual(metric.range[0]);
    expect(value.value, metric.id).toBeLessThanOrEqual(metric.range[1]);
    if (metric.better === "gold") expect(value.gold, metric.id).not.toBeNull();
    for (const text of [metric.name, metric.meaning, metric.source]) expect(text.length).toBeGreaterThan(5);
  }
  expect(found.get("self-bleu")!.value).toBe(found.get("self-bleu-4")!.value);
  expect(found.get("self-bleu")!.settings).toEqual({ n: 4, tokenizer: "split" });
  expect(found.get("distinct")!.value).toBe(found.get("distinct-2")!.value);
  expect(found.get("entropy")!.value).toBe(found.get("entropy-2")!.value);
});

test("gold's own value is what the metric gives for gold", async () => {
  const [there, back] = [await values(half, rest), await values(rest, half)];
  for (const metric of selectMetrics(["diversity"]).filter(({ id }) => IDS.includes(id)))
    expect(there.get(metric.id)!.gold, metric.id).toBe(back.get(metric.id)!.value);
});

describe.each<[string, readonly string[]]>([
  ["one text", ["only one"]],
  ["all texts equal", Array.from({ length: 12 }, () => "the same words every time")],
  ["empty strings", Array.from({ length: 12 }, () => "")],
  ["one word each", ["a", "b", "c"]],
])("%s", (_, texts) => {
  test("never NaN: a number, or null with a reason", async () => {
    for (const found of [await values(texts, half), await values(half, texts), await values(texts, texts)]) {
      for (const [id, value] of found) {
        if (value.value === null) expect(value.reason, id).toMatch(/\w+ .*\.$/);
        else expect(Number.isFinite(value.value), id).toBe(true);
        if (value.gold !== null && value.gold !== undefined) expect(Number.isFinite(value.gold), id).toBe(true);
      }
    }
  });
});

test("a set that says one thing over and over is seen by each", async () => {
  const collapsed = await values(
    Array.from({ length: 30 }, () => sentences[0]!),
    half,
  );
  const at = (id: string) => collapsed.get(id)!.value!;
  expect(at("self-bleu")).toBeCloseTo(1, 12);
  expect(at("homogenization")).toBeCloseTo(1, 12);
  expect(at("ngram-vendi")).toBeCloseTo(1, 9);
  expect(at("duplicate-rate")).toBeCloseTo(29 / 30, 12);
  expect(at("distinct-1")).toBeLessThan(0.05);
  expect(at("compression")).toBeGreaterThan(10);
});

test("duplicates are counted with case and white space aside", async () => {
  const found = await values(["Good  food .", "good food .", " GOOD\tfood .", "Bad food ."], half);
  expect(found.get("duplicate-rate")!.value).toBe(0.5);
});

test("the length gap is the log ratio of mean tokens, in either direction", async () => {
  expect((await values(["a b", "c d"], ["a b c d", "a b c d"])).get("length-gap")!.value).toBeCloseTo(Math.log(2), 12);
  expect((await values(["a b c d"], ["a b"])).get("length-gap")!.value).toBeCloseTo(Math.log(2), 12);
});

test("copies are looked for in the exemplars, without them in gold; both thresholds count", async () => {
  const exemplar = "we waited two hours for the food and nobody came to say sorry";
  const texts = [
    exemplar, // 13 of 13 tokens
    "so we waited two hours for the food and nobody left", // 9 of 11
    "waited two hours for the food", // 6: too short a run
    `${exemplar.slice(0, 46)} ${"x ".repeat(30)}`, // long run, small share
    "nothing of it",
  ];
  const found = await values(texts, half, [exemplar, "another one"]);
  expect(found.get("memorization")!.value).toBeCloseTo(2 / 5, 12);
  expect(found.get("memorization")!.settings).toMatchObject({ against: "exemplars", sources: 2, run: 8, share: 0.5 });
  expect(found.get("longest-copy")!.value).toBeCloseTo((13 + 9 + 6 + 9 + 0) / 5, 12);
  const fromGold = await values([half[0]!, "quite another thing"], half);
  expect(fromGold.get("longest-copy")!.settings).toMatchObject({ against: "gold", sources: 30 });
  expect(fromGold.get("memorization")!.value).toBe(0.5);
});

test("the estimated n-gram Vendi score agrees with the exact one within its stated error", () => {
  const random = Stream.root(8);
  const words = sentences.flatMap((sentence) => sentence.split(" "));
  const texts = Array.from({ length: 500 }, () =>
    Array.from({ length: 4 + random.int(12) }, () => random.pick(words)).join(" "),
  );
  const corpus = corpusOf(new SampleSet({ texts }));
  const exact = ngramVendiScore(corpus);
  const estimated = ngramVendiScore(corpus, 100);
  expect(exact.error).toBe(0);
  expect(estimated.error).toBeGreaterThan(0);
  expect(estimated.error).toBeLessThan(2e-3);
  expect(Math.abs(estimated.score / exact.score - 1)).toBeLessThan(5 * estimated.error);
});
