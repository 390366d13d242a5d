import { expect, test } from "vitest";
import { Claims } from "./claims.ts";

test("each piece of work goes to whoever claims it first", () => {
  const here = new Claims(3);
  const there = new Claims(here.shared);
  expect([there.take(2), here.take(2)]).toEqual([true, false]);
  expect([here.take(0), there.take(0), there.take(1)]).toEqual([true, false, true]);
});
