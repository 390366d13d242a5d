import { describe, expect, it } from "vitest";
import { Stream } from "../core/stream.ts";
import { dealGroups } from "./deal.ts";

const SHARES = [0.4, 0.2, 0.2, 0.2];

function membersDealt(sizes: readonly number[], seed: number): number[] {
  const parts = dealGroups(sizes, SHARES, Stream.root(seed).derive("deal"));
  expect(parts.flat().sort((a, b) => a - b)).toEqual(sizes.map((_, group) => group));
  return parts.map((part) => part.reduce((sum, group) => sum + sizes[group]!, 0));
}

describe("dealGroups", () => {
  it("meets the shares where every group is one", () => {
    expect(membersDealt(new Array(1000).fill(1), 0)).toEqual([400, 200, 200, 200]);
  });

  it("fills every part as soon as there is a group for each, whatever their sizes", () => {
    const random = Stream.root(3).derive("sizes");
    for (let round = 0; round < 2000; round++) {
      const sizes = Array.from({ length: 4 + random.int(12) }, () => 1 + Math.floor(300 * random.next() ** 8));
      expect(Math.min(...membersDealt(sizes, round))).toBeGreaterThan(0);
    }
    expect(() => dealGroups([5, 5, 5], SHARES, Stream.root(0))).toThrow(RangeError);
  });

  it("deals a large group to a part as often as the part's share says", () => {
    const sizes = [300, ...new Array<number>(700).fill(1)];
    const hits = [0, 0, 0, 0];
    const trials = 2000;
    for (let seed = 0; seed < trials; seed++) {
      const parts = dealGroups(sizes, SHARES, Stream.root(seed).derive("deal"));
      hits[parts.findIndex((part) => part.includes(0))]! += 1;
    }
    for (const [part, share] of SHARES.entries())
      expect(Math.abs(hits[part]! / trials - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / trials));
  });

  it("leaves the small groups to the parts that have room", () => {
    for (let seed = 0; seed < 20; seed++) {
      const parts = membersDealt([400, ...new Array<number>(600).fill(1)], seed);
      const large = parts.findIndex((size) => size >= 400);
      const rest = SHARES.map((share, part) => (part === large ? 0 : share));
      const total = rest.reduce((sum, share) => sum + share);
      for (const [part, size] of parts.entries())
        if (part !== large) expect(Math.abs(size - (600 * rest[part]!) / total)).toBeLessThanOrEqual(1);
    }
  });
});
