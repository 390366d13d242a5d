import { describe, expect, it } from "vitest";
import { Stream } from "../core/stream.ts";
import { foldsOf, pairedError } from "./held-out.ts";

/** Records 0 .. n - 1, each third of them a copy of the one before. */
const groups = Int32Array.from({ length: 90 }, (_, i) => (i % 3 === 2 ? i - 1 : i));

describe("foldsOf", () => {
  it("judges each record once, by folds that share no text with it", () => {
    const folds = foldsOf(groups, 0.2, 90, Stream.root(1));
    expect(folds).toHaveLength(5);
    expect(folds.flatMap(({ heldOutRecords }) => [...heldOutRecords]).sort((a, b) => a - b)).toEqual([
      ...groups.keys(),
    ]);
    for (const { trainRecords, heldOutRecords } of folds) {
      expect(trainRecords.length + heldOutRecords.length).toBe(90);
      const seen = new Set(trainRecords.map((i) => groups[i]!));
      expect(heldOutRecords.every((i) => !seen.has(groups[i]!))).toBe(true);
      expect(Math.abs(heldOutRecords.length - 18)).toBeLessThanOrEqual(2);
    }
  });

  it("uses no more folds than hold the judges that are asked for", () => {
    expect(foldsOf(groups, 0.2, 30, Stream.root(1))).toHaveLength(2);
    expect(foldsOf(groups, 0.15, 1, Stream.root(1))).toHaveLength(1);
    expect(foldsOf(Int32Array.of(0, 1), 0.15, 400, Stream.root(1))).toHaveLength(2);
  });
});

describe("pairedError", () => {
  it("is the standard error of a mean where no two records are copies", () => {
    const losses = Float64Array.of(1, 4, 2, 7, 3);
    const alone = Int32Array.of(0, 1, 2, 3, 4);
    // Variance of 1, 4, 2, 7, 3 is 5.3.
    expect(pairedError(losses, new Float64Array(5), alone)).toBeCloseTo(Math.sqrt(5.3 / 5), 12);
  });

  it("counts copies as one observation", () => {
    const once = Float64Array.of(1, 4, 2, 7, 3);
    const thrice = Float64Array.from([...once, ...once, ...once]);
    const copies = Int32Array.from({ length: 15 }, (_, i) => i % 5);
    expect(pairedError(thrice, new Float64Array(15), copies)).toBeCloseTo(Math.sqrt(5.3 / 5), 12);
  });
});
