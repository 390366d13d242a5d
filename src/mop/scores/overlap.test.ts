import { expect, it } from "vitest";
import { overlaps } from "./overlap.ts";

it("sums the rarity of shared word pairs, each once, in any form", () => {
  const texts = ["The soup was cold. The soup was late!", "nothing alike"];
  const pool = ["the soup was fine", "The SOUP  was cold", "a queue"];
  const of = overlaps(texts, pool);
  // `the soup` and `soup was` stand in three of five texts, `was cold.` in one: its full stop is part of the word.
  const shared = 2 * Math.log(5 / 3);
  expect([...of(0)].map((value) => value.toFixed(9))).toEqual([shared, shared, 0].map((value) => value.toFixed(9)));
  expect([...of(1)]).toEqual([0, 0, 0]);
});

it("takes characters for words where there are no spaces", () => {
  expect(overlaps(["我喜欢这家店"], ["我喜欢你", "别处"])(0)[0]).toBeGreaterThan(0);
});
