import { expect, it } from "vitest";
import { splitTokens } from "./tokens.ts";

it("splits as Python's str.split() does", () => {
  expect(splitTokens("  a\tb\nc  ")).toEqual(["a", "b", "c"]);
  expect(splitTokens("a\u001cb\u0085c\u00a0d\u3000e")).toEqual(["a", "b", "c", "d", "e"]);
  expect(splitTokens("a\ufeffb")).toEqual(["a\ufeffb"]); // a space to JavaScript, not to Python
  expect(splitTokens("a\u200bb")).toEqual(["a\u200bb"]);
  expect(splitTokens("")).toEqual([]);
  expect(splitTokens(" \n")).toEqual([]);
});
