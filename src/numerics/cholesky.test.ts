import { expect, test } from "vitest";
import { Stream } from "../core/stream.ts";
import { choleskyInPlace, solveCholesky } from "./cholesky.ts";

test("Cholesky solves A x = b", () => {
  const n = 25;
  const random = Stream.root(2);
  const root = Float64Array.from({ length: n * n }, () => random.normal());
  const a = Float64Array.from({ length: n * n }, (_, at) => {
    let sum = Math.floor(at / n) === at % n ? 0.5 : 0;
    for (let k = 0; k < n; k++) sum += root[Math.floor(at / n) * n + k]! * root[(at % n) * n + k]!;
    return sum;
  });
  const b = Float64Array.from({ length: n }, () => random.normal());
  const factor = a.slice();
  choleskyInPlace(factor, n);
  const x = b.slice();
  solveCholesky(factor, n, x);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += a[i * n + k]! * x[k]!;
    expect(sum).toBeCloseTo(b[i]!, 9);
  }
});

test("Cholesky gives the same bits in plain TypeScript, whatever is left of the rows taken four at a time", () => {
  for (const n of [3, 8, 29, 70]) {
    const random = Stream.root(n);
    const x = Float64Array.from({ length: 2 * n * n }, () => random.normal());
    const a = Float64Array.from({ length: n * n }, (_, at) => {
      let sum = 0;
      for (let k = 0; k < 2 * n; k++) sum += x[k * n + Math.floor(at / n)]! * x[k * n + (at % n)]!;
      return sum;
    });
    const [fast, plain] = [a.slice(), a.slice()];
    choleskyInPlace(fast, n);
    choleskyInPlace(plain, n, "plain");
    expect(fast).toEqual(plain);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let k = 0; k <= j; k++) sum += fast[i * n + k]! * fast[j * n + k]!;
        expect(Math.abs(sum - a[i * n + j]!)).toBeLessThan(1e-11 * n);
      }
      for (let j = i + 1; j < n; j++) expect(fast[i * n + j]).toBe(a[i * n + j]);
    }
  }
});

test("Cholesky refuses a matrix that is not positive definite", () => {
  expect(() => choleskyInPlace(Float64Array.of(1, 0, 2, 1), 2)).toThrow("not positive definite (pivot 1");
});
