import { expect, it } from "vitest";
import { choose } from "./choose.ts";
import { exactNumber, writeNumber } from "./exact-number.ts";
import { score } from "./score.ts";

const numbers = [0, -0, -1.5, 5e-324, Number.MAX_VALUE, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const throughJson = (value: object) => JSON.parse(JSON.stringify({ at: 1, ...value }));

it("comes back as it was, through JSON", () => {
  for (const value of numbers) expect(exactNumber.parse(JSON.parse(JSON.stringify(writeNumber(value))))).toBe(value);
  for (const other of [null, "1", "", "0x10"]) expect(exactNumber.safeParse(other).success).toBe(false);
});

it("is what scores and choices are kept with", () => {
  const scored = score.decode(throughJson(score.encode({ total: Number.NaN, tokens: Float64Array.from(numbers) })));
  expect(scored?.tokens).toEqual(Float64Array.from(numbers));
  const chosen = choose.decode(throughJson(choose.encode({ index: 1, logProbabilities: numbers })));
  expect(chosen).toEqual({ index: 1, logProbabilities: numbers });
});
