import { describe, expect, it } from "vitest";
import { Stream } from "../../core/stream.ts";
import { NgramCounter } from "./ngram-counter.ts";
import { NgramHash } from "./ngram-hash.ts";
import type { NgramTable } from "./ngram-table.ts";

function sequences(count: number): number[][] {
  const random = Stream.root(4).derive("ngrams");
  return Array.from({ length: count }, () => [
    ...Array.from({ length: 1 + random.int(9) }, () => 1 + Math.floor(random.next() ** 2 * 19)),
    0,
  ]);
}

function childrenSum(table: NgramTable, context: number): number {
  let sum = 0;
  for (let node = table.first[context]!; node < table.first[context + 1]!; node++) sum += table.seen[node]!;
  return sum;
}

describe("NgramTable", () => {
  it.each([
    { kind: "kneser-ney" } as const,
    { kind: "absolute", discount: 0.8, power: 1 } as const,
    { kind: "absolute", discount: 0.3, power: 2 } as const,
  ])("shares each context's mass between its children and the shorter history: $kind", (smoothing) => {
    const counter = new NgramCounter(4, 20, 8);
    for (const sequence of sequences(300)) counter.add(sequence);
    const table = counter.smooth(smoothing);
    let contexts = 0;
    for (let node = 0; node < table.symbol.length; node++) {
      if (table.first[node] === table.first[node + 1]) expect(table.rest[node]).toBe(1);
      else {
        contexts++;
        expect(childrenSum(table, node) + table.rest[node]!).toBeCloseTo(1, 12);
      }
    }
    expect(contexts).toBeGreaterThan(200);
  });

  it("finds every n-gram of the data and no other", () => {
    const data = sequences(100);
    const counter = new NgramCounter(3, 20);
    for (const sequence of data) counter.add(sequence);
    const table = new NgramHash(counter.smooth({ kind: "kneser-ney" }));
    const known = new Set(data.flatMap((s) => s.map((symbol, i) => `${i === 0 ? 0 : s[i - 1]} ${symbol}`)));
    const trigrams = new Set(
      data.flatMap((s) => s.slice(1).map((symbol, i) => `${i === 0 ? 0 : s[i - 1]} ${s[i]} ${symbol}`)),
    );
    for (let a = 0; a < 20; a++) {
      for (let b = 0; b < 20; b++) {
        const pair = table.find(a, b);
        expect(pair >= 0).toBe(known.has(`${a} ${b}`));
        for (let c = 0; c < 20 && pair >= 0; c++) {
          expect(table.find(pair, c) >= 0, `${a} ${b} ${c}`).toBe(trigrams.has(`${a} ${b} ${c}`));
        }
      }
    }
  });

  it("smooths as Chen and Goodman's formulas say, on a case done by hand", () => {
    // Two texts: a b | a c. Bigrams after `a`, order 2: counts b 1, c 1; n1 = 4 (a after start counts 2: n2 = 1).
    const counter = new NgramCounter(2, 4);
    counter.add([1, 2, 0]);
    counter.add([1, 3, 0]);
    const table = counter.smooth({ kind: "kneser-ney" });
    const d1 = 1 - 2 * (4 / (4 + 2 * 1)) * (1 / 4);
    expect(table.seen[new NgramHash(table).find(1, 2)]).toBeCloseTo((1 - d1) / 2, 12);
    expect(table.rest[1]).toBeCloseTo(d1, 12);
    expect([...counter.continuations]).toEqual([2, 1, 1, 1]);
  });

  it("draws children in proportion to their discounted counts", () => {
    const counter = new NgramCounter(2, 20);
    for (const sequence of sequences(400)) counter.add(sequence);
    const table = counter.smooth({ kind: "absolute", discount: 0.5, power: 1 });
    const random = Stream.root(2).derive("draws");
    const counts = new Float64Array(20);
    const n = 50_000;
    for (let i = 0; i < n; i++) counts[table.symbol[table.drawChild(0, random.next() * (1 - table.rest[0]!))]!]!++;
    let chi = 0;
    let degrees = -1;
    for (let node = table.first[0]!; node < table.first[1]!; node++) {
      const expected = (n * table.seen[node]!) / (1 - table.rest[0]!);
      chi += (counts[table.symbol[node]!]! - expected) ** 2 / expected;
      degrees++;
    }
    expect(chi).toBeLessThan(degrees + 5 * Math.sqrt(2 * degrees));
  });
});
