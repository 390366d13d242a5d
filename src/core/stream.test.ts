import { describe, expect, it } from "vitest";
import { Stream } from "./stream.ts";

describe("Stream", () => {
  it("gives a child that depends on names alone, not on use", () => {
    const used = Stream.root(7);
    used.next();
    expect(used.derive("cell", 3).uint32()).toBe(Stream.root(7).derive("cell", 3).uint32());
  });

  it("gives different streams for different names and seeds", () => {
    const draws = new Set([
      Stream.root(1).derive("a/b").uint32(),
      Stream.root(1).derive("a", "b").uint32(),
      Stream.root(2).derive("a", "b").uint32(),
      Stream.root(1).derive("b", "a").uint32(),
    ]);
    expect(draws.size).toBe(4);
  });

  it("takes any name, lone surrogates too", () => {
    const names = ["\ud800", "\udc00", "\ufffd", "a\ud800", "𐀀", ""];
    expect(new Set(names.map((name) => Stream.root(1).derive(name).uint32())).size).toBe(names.length);
  });

  it("draws indices in proportion to their weights and never one of weight zero", () => {
    const stream = Stream.root(3);
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 40_000; i++) counts[stream.weighted([1, 0, 3, 0])]!++;
    expect(counts[1]! + counts[3]!).toBe(0);
    expect(counts[2]! / 40_000).toBeCloseTo(0.75, 1);
  });

  it("has uniform moments", () => {
    const stream = Stream.root(11);
    let sum = 0;
    let squares = 0;
    const n = 100_000;
    for (let i = 0; i < n; i++) {
      const u = stream.next();
      sum += u;
      squares += u * u;
    }
    expect(Math.abs(sum / n - 1 / 2)).toBeLessThan(0.005);
    expect(Math.abs(squares / n - 1 / 3)).toBeLessThan(0.005);
  });
});
