import type { KernelCode } from "./code.ts";

type Kernels = Pick<KernelCode, "rowProducts" | "addRows" | "rowDistances">;

/** rows.as.ts in plain TypeScript, every sum in the same order: the same bits. */
export function plainRows(buffer: ArrayBuffer): Kernels {
  const doubles = new Float64Array(buffer);
  const singles = new Float32Array(buffer);
  const integers = new Int32Array(buffer);
  return {
    rowProducts(rows, cols, list, count, weights, out) {
      const w = doubles.subarray(weights / 8, weights / 8 + cols);
      for (let r = 0; r < count; r++) {
        const at = rows / 4 + integers[list / 4 + r]! * cols;
        const sums = new Float64Array(4);
        for (let k = 0; k < cols; k++) sums[k < cols - (cols % 4) ? k % 4 : 0]! += singles[at + k]! * w[k]!;
        doubles[out / 8 + r] = sums[0]! + sums[1]! + (sums[2]! + sums[3]!);
      }
    },
    addRows(rows, cols, list, count, factors, sums) {
      const by = doubles.subarray(factors / 8, factors / 8 + count);
      const into = doubles.subarray(sums / 8, sums / 8 + cols);
      const row = (r: number) => {
        const at = rows / 4 + integers[list / 4 + r]! * cols;
        return singles.subarray(at, at + cols);
      };
      let r = 0;
      for (; r + 4 <= count; r += 4) {
        const [a, b, c, d] = [row(r), row(r + 1), row(r + 2), row(r + 3)];
        for (let k = 0; k < cols; k++)
          into[k]! += by[r]! * a[k]! + by[r + 1]! * b[k]! + (by[r + 2]! * c[k]! + by[r + 3]! * d[k]!);
      }
      for (; r < count; r++) for (let k = 0; k < cols; k++) into[k]! += by[r]! * row(r)[k]!;
    },
    rowDistances(rows, cols, count, center, out) {
      for (let r = 0; r < count; r++) {
        const at = rows / 4 + r * cols;
        const sums = new Float64Array(4);
        for (let k = 0; k < cols; k++)
          sums[k < cols - (cols % 4) ? k % 4 : 0]! += (singles[at + k]! - singles[center / 4 + k]!) ** 2;
        doubles[out / 8 + r] = sums[0]! + sums[1]! + (sums[2]! + sums[3]!);
      }
    },
  };
}
