import { describe, expect, it } from "vitest";
import { LengthHazard } from "./length-hazard.ts";

/** Sentences of one word (3) and a stop (2); every text has exactly five. */
const texts = Array.from({ length: 60 }, () => Int32Array.of(3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 0));

describe("LengthHazard", () => {
  const hazard = LengthHazard.learn(texts, 4);

  it("applies only after tokens that texts end with", () => {
    expect(hazard.appliesAfter(2)).toBe(true);
    expect(hazard.appliesAfter(3)).toBe(false);
    expect(hazard.appliesAfter(0)).toBe(false);
  });

  it("makes the end unlikely before texts end and likely where they do, and stays a probability", () => {
    expect(hazard.adjust(0.2, 4)).toBeLessThan(0.05);
    expect(hazard.adjust(0.2, 10)).toBeGreaterThan(0.4);
    for (const p of [0, 0.3, 1]) {
      expect(hazard.adjust(p, 10)).toBeGreaterThanOrEqual(0);
      expect(hazard.adjust(p, 10)).toBeLessThanOrEqual(1);
    }
  });
});
