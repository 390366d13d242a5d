import { describe, expect, test } from "vitest";
import type { Json } from "../core/hash.ts";
import { Stream } from "../core/stream.ts";
import { metricInput } from "../testing/metrics/input.ts";
import { type Tokenizer, tokenizerNamed, whitespace } from "../text/tokenizer.ts";
import { evaluate } from "./evaluate.ts";
import { meanRougeL } from "./homogenization.ts";
import { metrics } from "./registry.ts";
import { SampleSet } from "./sample-set.ts";
import { selectMetrics } from "./select.ts";

const words = tokenizerNamed("words");

/** Reviews in Chinese: no space in them. */
const SUBJECTS = ["这家餐厅的汤", "服务员的态度", "窗外的风景", "酒店的早餐", "房间的灯光"];
const VERDICTS = ["非常好", "让人失望", "比我们想象的好得多", "和去年一样", "不值这个价格"];
const ENDS = ["下次还会再来", "我不会推荐给朋友", "孩子们都很喜欢", "总的来说可以接受"];

function reviews(seed: number, count: number): string[] {
  const random = Stream.root(seed).derive("reviews");
  return Array.from(
    { length: count },
    () => `${random.pick(SUBJECTS)}${random.pick(VERDICTS)}，${random.pick(ENDS)}。`,
  );
}

const gold = reviews(1, 40);
const synthetic = reviews(2, 40);
const exemplars = reviews(3, 10);
const taught = reviews(4, 40);
const train = { texts: taught, labels: taught.map((text) => (/下次|孩子/.test(text) ? "praise" : "blame")) };
/** The same texts with a space after every word and nothing else, as a reader of whitespace needs them. */
const spaced = (texts: readonly string[]) => texts.map((text) => words.split(text).join(" "));

const OF_TOKENS = [
  ...["self-bleu", "self-bleu-2", "self-bleu-3", "self-bleu-4", "self-bleu-5"],
  ...["distinct", "distinct-1", "distinct-2", "distinct-3", "distinct-4"],
  ...["entropy", "entropy-1", "entropy-2", "entropy-3", "entropy-4"],
  ...["ngram-vendi", "self-repetition", "homogenization", "ingf"],
  ...["memorization", "longest-copy", "length-gap", "length-js", "label-js"],
];

async function valuesOf(tokenizer: Tokenizer, form: (texts: readonly string[]) => readonly string[]) {
  const set = (texts: readonly string[]) => new SampleSet({ texts: form(texts), tokenizer });
  const input = metricInput(set(gold), set(synthetic), {
    exemplars: () => form(exemplars),
    train: () => ({ ...train, texts: form(train.texts) }),
  });
  const found = await evaluate(selectMetrics(OF_TOKENS), input, Stream.root(1));
  return new Map(found.map(({ metric, value }) => [metric.id, value]));
}

function withoutTokenizer(settings: { readonly [key: string]: Json } = {}) {
  const { tokenizer: _, icu: __, ...rest } = settings;
  return rest;
}

describe("the tokenizer `words`", () => {
  test("gives every metric of tokens the value of the same texts cut into words beforehand", async () => {
    const found = await valuesOf(words, (texts) => texts);
    const expected = await valuesOf(whitespace, spaced);
    const blind = await valuesOf(whitespace, (texts) => texts);
    for (const id of OF_TOKENS) {
      const { value, gold: target, settings } = found.get(id)!;
      expect(value, id).not.toBeNull();
      expect(settings!.tokenizer, id).toMatch(/^words/);
      expect(settings!.icu, id).toBe(process.versions.icu);
      expect(blind.get(id), id).not.toMatchObject({ value });
      if (id === "homogenization") {
        expect(value).toBe(meanRougeL(spaced(synthetic), whitespace.split));
        continue;
      }
      expect({ value, gold: target, settings: withoutTokenizer(settings) }, id).toEqual({
        value: expected.get(id)!.value,
        gold: expected.get(id)!.gold,
        settings: withoutTokenizer(expected.get(id)!.settings),
      });
    }
  });

  test("is read by every metric that names a tokenizer in its settings, and by no other", async () => {
    const set = (texts: readonly string[]) => new SampleSet({ texts, tokenizer: words });
    const textual = metrics.names.map((name) => metrics.get(name)).filter((metric) => metric.needs.embeddings !== true);
    const found = await evaluate(
      textual,
      metricInput(set(gold), set(synthetic), { exemplars: () => exemplars, train: () => train }),
      Stream.root(1),
    );
    const named = found.filter(({ value }) => value.settings?.tokenizer !== undefined).map(({ metric }) => metric.id);
    expect(named.toSorted()).toEqual(OF_TOKENS.toSorted());
  });

  test("is one for both sides", async () => {
    const input = metricInput(new SampleSet({ texts: gold }), new SampleSet({ texts: synthetic, tokenizer: words }));
    await expect(evaluate(selectMetrics(["distinct"]), input, Stream.root(1))).rejects.toThrow(/one tokenizer/);
  });
});

test("the default tokenizer leaves settings and values as the references have them", async () => {
  const found = await valuesOf(whitespace, spaced);
  expect(found.get("self-bleu")!.settings).toEqual({ n: 4, tokenizer: "split" });
  expect(found.get("ingf")!.settings).toEqual({
    n: 3,
    tokenizer: "split, lower case",
    definition: "DQI T1; not published",
  });
  expect(found.get("homogenization")!.settings).toEqual({
    measure: "rougeL",
    tokenizer: "[a-z0-9]+ of the lower-cased text",
  });
});
