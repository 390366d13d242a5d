import { describe, expect, it } from "vitest";
import { InputError } from "../core/errors.ts";
import type { PopulationRecord } from "../core/record.ts";
import { PART_NAMES, partChecksums, splitRecords, uniformPool } from "./parts.ts";

function make(n: number, prefix = "r", text = (i: number) => `${prefix} says ${i}`): PopulationRecord[] {
  return Array.from({ length: n }, (_, i) => ({
    id: `${prefix}${i}`,
    context: { text: `topic ${i % 3}`, label: null },
    text: text(i),
  }));
}

const sizes = (parts: ReturnType<typeof splitRecords>["parts"]) => PART_NAMES.map((name) => parts[name].length);

describe("splitRecords", () => {
  it("deals 40, 20, 20 and 20 per cent, disjoint and complete", () => {
    const records = make(1000);
    const { parts, nearCopies } = splitRecords({ records, test: null }, 0, "d");
    expect(sizes(parts)).toEqual([400, 200, 200, 200]);
    expect(nearCopies).toEqual({ groups: 0, records: 0, leftOut: 0 });
    const ids = PART_NAMES.flatMap((name) => parts[name].map((r) => r.id));
    expect(new Set(ids)).toEqual(new Set(records.map((r) => r.id)));
    expect(ids).toHaveLength(1000);
  });

  it("is a function of data and splitSeed alone", () => {
    const split = (seed: number) => partChecksums(splitRecords({ records: make(300), test: null }, seed, "d").parts);
    expect(split(0)).toEqual(split(0));
    expect(split(1)).not.toEqual(split(0));
  });

  it("does not keep the order of the data", () => {
    const { parts } = splitRecords({ records: make(1000), test: null }, 0, "d");
    const mean = parts.gold.reduce((sum, r) => sum + Number(r.id.slice(1)), 0) / parts.gold.length;
    expect(Math.abs(mean - 499.5)).toBeLessThan(4 * (288.7 / Math.sqrt(200)));
  });

  it("halves a test split and takes the rest from train, 2 to 1", () => {
    const { parts } = splitRecords({ records: make(900), test: make(400, "t") }, 0, "d");
    expect(sizes(parts)).toEqual([600, 300, 200, 200]);
    expect([...parts.gold, ...parts.reserve].every((r) => r.id.startsWith("t"))).toBe(true);
    expect([...parts.train, ...parts.background].every((r) => r.id.startsWith("r"))).toBe(true);
  });

  it("keeps equal texts in one part", () => {
    const { parts } = splitRecords({ records: make(600, "r", (i) => `text ${i % 200} `), test: null }, 3, "d");
    const partOf = new Map<string, string>();
    for (const name of PART_NAMES) {
      for (const { text } of parts[name]) {
        expect(partOf.get(text) ?? name).toBe(name);
        partOf.set(text, name);
      }
    }
    expect(sizes(parts).reduce((a, b) => a + b)).toBe(600);
    expect(Math.abs(parts.train.length - 240)).toBeLessThanOrEqual(3);
  });

  it("leaves out of train what stands in test, and counts it", () => {
    const records = [...make(90), { id: "leak", context: { text: "", label: null }, text: "T  says 3." }];
    const { parts, nearCopies } = splitRecords({ records, test: make(40, "t") }, 0, "d");
    expect(nearCopies).toEqual({ groups: 1, records: 2, leftOut: 1 });
    expect([...parts.train, ...parts.background].some((r) => r.id === "leak")).toBe(false);
  });

  it("refuses equal ids, also across train and test", () => {
    const twice = [...make(10), { ...make(1)[0]!, text: "another" }];
    expect(() => splitRecords({ records: twice, test: null }, 0, "d")).toThrow(/two records have the id `r0`/);
    expect(() => splitRecords({ records: make(10), test: make(10) }, 0, "d")).toThrow(InputError);
  });

  it("keeps near-copies in one part: other case, spaces, end marks, line ends, an edit", () => {
    const words = (i: number) => Array.from({ length: 60 }, (_, k) => `w${i}x${k}`);
    const copies: ((text: string) => string)[] = [
      (text) => text.toUpperCase(),
      (text) => text.replaceAll(" ", "  "),
      (text) => `${text}.`,
      (text) => text.replaceAll(" ", "\r\n"),
      (text) => text.replace(/x30\b/, "x31"),
    ];
    const records = Array.from({ length: 100 }, (_, i) => words(i).join(" ")).flatMap((text, i) => [
      { id: `${i}`, context: { text: "", label: null }, text },
      { id: `${i}-copy`, context: { text: "", label: null }, text: copies[i % copies.length]!(text) },
    ]);
    const { parts, nearCopies } = splitRecords({ records, test: null }, 0, "d");
    const partOf = new Map(PART_NAMES.flatMap((name) => parts[name].map(({ id }) => [id, name])));
    for (let i = 0; i < 100; i++) expect(partOf.get(`${i}-copy`)).toBe(partOf.get(`${i}`));
    expect(nearCopies).toEqual({ groups: 100, records: 200, leftOut: 0 });
    const anew = splitRecords({ records, test: null, drawnAnew: true }, 0, "d");
    expect(anew.nearCopies).toBeNull();
    expect(sizes(anew.parts)).toEqual([80, 40, 40, 40]);
  });

  it("fills every part where one text stands many times, whatever the seed", () => {
    const records = make(150, "r", (i) => (i < 100 ? "the same" : `says ${i}`));
    for (let seed = 0; seed < 50; seed++) {
      const got = sizes(splitRecords({ records, test: null }, seed, "d").parts);
      expect(got.reduce((a, b) => a + b)).toBe(150);
      // The hundred stand in one part; the fifty others are shared by the other parts as these relate: 2 : 1 : 1, or 1 : 1 : 1.
      const others = got.filter((size) => size < 100);
      expect(others).toHaveLength(3);
      expect(Math.min(...others)).toBeGreaterThanOrEqual(12);
    }
  });

  it("needs a text for each part, and says how many there are", () => {
    expect(sizes(splitRecords({ records: make(5), test: null }, 0, "d").parts)).toEqual([2, 1, 1, 1]);
    expect(sizes(splitRecords({ records: make(4), test: null }, 0, "d").parts)).toEqual([1, 1, 1, 1]);
    expect(() => splitRecords({ records: make(3), test: null }, 0, "tiny")).toThrow(
      "Dataset tiny is too small: train, background, gold, reserve need a text each, and there are 3 (of 3 records; near-copies count as one).",
    );
    expect(() => splitRecords({ records: make(20, "r", () => "same"), test: null }, 0, "d")).toThrow(
      /there are 1 \(of 20/,
    );
    expect(() => splitRecords({ records: make(9), test: make(1, "t") }, 0, "d")).toThrow(/gold, reserve need a text/);
  });
});

describe("uniformPool", () => {
  const train = make(100);

  it("draws distinct records, a smaller pool being the start of a larger one", () => {
    const pool = uniformPool(train, 0);
    expect(new Set(pool(60)).size).toBe(60);
    expect(pool(60).slice(0, 20)).toEqual(pool(20));
    expect(uniformPool(train, 0)(60)).toEqual(pool(60));
    expect(uniformPool(train, 1)(60)).not.toEqual(pool(60));
    expect(pool(100).map((r) => r.id)).not.toEqual(train.map((r) => r.id));
  });

  it("refuses more than train holds", () => {
    expect(() => uniformPool(train, 0)(101)).toThrow(/pool of 101 records cannot be drawn: train holds 100/);
    expect(() => uniformPool(train, 0)(-1)).toThrow(InputError);
  });
});
