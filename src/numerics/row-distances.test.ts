import { expect, it } from "vitest";
import { matrix, row } from "../core/matrix.ts";
import { Stream } from "../core/stream.ts";
import { RowDistances } from "./row-distances.ts";

it.each([
  [3, 1],
  [300, 6],
  [20, 33],
])("measures %i rows of %i, the same bits in plain TypeScript", (n, d) => {
  const random = Stream.root(3).derive(n, d);
  const m = matrix(
    Float32Array.from({ length: n * d }, () => random.normal()),
    n,
    d,
  );
  const point = row(m, 1);
  const found = new RowDistances(m).to(point);
  for (let i = 0; i < n; i++) {
    const square = row(m, i).reduce((sum, x, k) => sum + (x - point[k]!) ** 2, 0);
    expect(found[i]).toBeCloseTo(square, 12);
  }
  expect(found[1]).toBe(0);
  expect(new RowDistances(m, "plain").to(point)).toEqual(found);
});
