import { expect, it } from "vitest";
import { Stream } from "../core/stream.ts";
import { KrylovBasis } from "./krylov-basis.ts";
import { dot } from "./lanczos.ts";

const random = Stream.root(6);
const vector = (n: number) => Float64Array.from({ length: n }, () => random.normal());

/** A basis made of random vectors, each made orthogonal to those before it. */
function basisOf(vectors: readonly Float64Array[], kind?: "plain"): KrylovBasis {
  const basis = new KrylovBasis(vectors[0]!.length, vectors.length, kind);
  for (const raw of vectors) {
    const next = raw.slice();
    for (let pass = 0; pass < 2; pass++) basis.takeOff(next);
    const length = Math.sqrt(dot(next, next));
    basis.push(next.map((x) => x / length));
  }
  return basis;
}

it.each([1, 5, 8, 31])("keeps vectors of %i numbers orthogonal, the same bits in plain TypeScript", (n) => {
  const vectors = Array.from({ length: Math.min(n, 6) }, () => vector(n));
  const basis = basisOf(vectors);
  const plain = basisOf(vectors, "plain");
  for (let k = 0; k < basis.count; k++) {
    for (let j = 0; j <= k; j++) expect(dot(basis.row(k), basis.row(j))).toBeCloseTo(j === k ? 1 : 0, 13);
    expect(plain.row(k)).toEqual(basis.row(k));
  }
  const weights = Float64Array.from(vectors, (_, k) => k + 0.5);
  const sum = basis.combine(weights);
  for (const [k, weight] of weights.entries()) expect(dot(sum, basis.row(k))).toBeCloseTo(weight, 12);
  expect(plain.combine(weights)).toEqual(sum);
});
