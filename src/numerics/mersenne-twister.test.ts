import { expect, it } from "vitest";
import { faissPermutation, MersenneTwister } from "./mersenne-twister.ts";

it("gives std::mt19937's numbers", () => {
  const random = new MersenneTwister(5489);
  expect(random.next()).toBe(3499211612);
  for (let i = 2; i < 10_000; i++) random.next();
  expect(random.next()).toBe(4123659995); // the 10,000th of the default seed, fixed by the C++ standard
});

it("takes seeds modulo 2^32", () => {
  expect(new MersenneTwister(2 ** 32 + 7).next()).toBe(new MersenneTwister(7).next());
});

it("permutes as faiss does", () => {
  const order = faissPermutation(400, 28);
  expect(Array.from(order.subarray(0, 4))).toEqual([177, 6, 29, 394]);
  expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length: 400 }, (_, i) => i));
  expect(faissPermutation(1, 3)).toEqual(Uint32Array.of(0));
});
