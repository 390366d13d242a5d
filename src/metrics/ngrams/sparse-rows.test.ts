import { expect, it } from "vitest";
import { Stream } from "../../core/stream.ts";
import { addProductRow, gramSquares, type SparseRows, transposed } from "./sparse-rows.ts";

/** Rows with a few of the columns each, the first columns in most rows. */
function sparse(rows: number, width: number, seed: number): SparseRows {
  const random = Stream.root(seed);
  const starts = [0];
  const columns: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < width; c++) {
      if (random.next() > 3 / (3 + c)) continue;
      columns.push(c);
      values.push(random.normal());
    }
    starts.push(columns.length);
  }
  return {
    starts: Int32Array.from(starts),
    columns: Int32Array.from(columns),
    values: Float64Array.from(values),
    width,
  };
}

function dense({ starts, columns, values, width }: SparseRows): number[][] {
  return Array.from({ length: starts.length - 1 }, (_, i) => {
    const row = new Array<number>(width).fill(0);
    for (let at = starts[i]!; at < starts[i + 1]!; at++) row[columns[at]!] = values[at]!;
    return row;
  });
}

const rows = sparse(120, 90, 4);

it("turns columns into rows", () => {
  const plain = dense(rows);
  expect(dense(transposed(rows))).toEqual(Array.from({ length: 90 }, (_, c) => plain.map((row) => row[c])));
});

it("sums the squares of U Uᵀ, whose columns are frequent and rare", () => {
  const lengths = dense(transposed(rows)).map((list) => list.filter((x) => x !== 0).length);
  expect(Math.min(...lengths)).toBeLessThan(2 * Math.sqrt(120));
  expect(Math.max(...lengths)).toBeGreaterThan(2 * Math.sqrt(120));
  const plain = dense(rows);
  const lists = transposed(rows);
  let squares = 0;
  for (let i = 0; i < 120; i++) {
    const row = plain.map((other) => other.reduce((sum, x, c) => sum + x * plain[i]![c]!, 0));
    const found = new Float64Array(120);
    addProductRow(rows, i, lists, found);
    for (const [j, x] of row.entries()) {
      expect(found[j]).toBeCloseTo(x, 12);
      squares += x * x;
    }
  }
  expect(gramSquares(rows) / squares).toBeCloseTo(1, 13);
});
