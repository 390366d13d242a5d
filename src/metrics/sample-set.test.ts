import { describe, expect, test } from "vitest";
import { matrix } from "../core/matrix.ts";
import { tokenizerNamed } from "../text/tokenizer.ts";
import { columnNames } from "./columns.ts";
import { SampleSet } from "./sample-set.ts";

const words = tokenizerNamed("words");
const side = (name: string, from: number) =>
  new SampleSet({
    texts: [0, 1, 2].map((i) => `${name}${i}`),
    labels: [0, 1, 2].map((i) => `label ${name}${i}`),
    embeddings: matrix(
      Float32Array.from({ length: 6 }, (_, at) => from + at),
      3,
      2,
    ),
    choices: [0, 1, 2].map((i) => `choice ${name}${i}`),
    tokenizer: words,
  });

describe("a set", () => {
  test("takes rows of every column, in the order asked for, and keeps its tokenizer", () => {
    const { columns, size, tokenizer } = side("a", 0).take([2, 0]);
    expect(size).toBe(2);
    expect(tokenizer).toBe(words);
    expect(columns.texts).toEqual(["a2", "a0"]);
    expect(columns.labels).toEqual(["label a2", "label a0"]);
    expect([...columns.embeddings!.data]).toEqual([4, 5, 0, 1]);
    expect(columns.choices).toEqual(["choice a2", "choice a0"]);
    for (const name of columnNames) expect(columns[name], name).not.toBeNull();
  });

  test("takes marked rows of every column from another, and leaves out what one of them lacks", () => {
    const { columns } = side("a", 0).mixedWith(side("b", 10), [0, 1, 0]);
    expect(columns.texts).toEqual(["a0", "b1", "a2"]);
    expect(columns.choices).toEqual(["choice a0", "choice b1", "choice a2"]);
    expect([...columns.embeddings!.data]).toEqual([0, 1, 12, 13, 4, 5]);
    const poorer = side("a", 0).mixedWith(new SampleSet({ texts: ["x", "y", "z"], tokenizer: words }), [1, 0, 0]);
    expect(poorer.columns).toEqual({ texts: ["x", "a1", "a2"], labels: null, embeddings: null, choices: null });
  });

  test("has at least one column, and as many rows in each", () => {
    expect(() => new SampleSet({})).toThrow(/needs texts or embeddings/);
    expect(() => new SampleSet({ texts: ["a"], choices: ["x", "y"] })).toThrow(/differ in number: 1, 2/);
    expect(new SampleSet({ choices: [] }).size).toBe(0);
  });
});
