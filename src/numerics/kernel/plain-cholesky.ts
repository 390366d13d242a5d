import type { KernelCode } from "./code.ts";

/** cholesky.as.ts in plain TypeScript, every sum in the same order: the same bits. */
export function plainCholesky(buffer: ArrayBuffer): Pick<KernelCode, "eliminateRows"> {
  const memory = new Float64Array(buffer);
  return {
    eliminateRows(a, n, first) {
      for (let i = first; i < first + 4; i++) {
        const row = a / 8 + i * n;
        for (let j = 0; j < first; j++) {
          const other = a / 8 + j * n;
          const product = rowsProduct(memory, row, memory, other, j);
          memory[row + j] = (memory[row + j]! - product) / memory[other + j]!;
        }
      }
    },
  };
}

/** The product of `count` numbers of a and b, in four running sums: one alone would wait for itself at every step. */
export function rowsProduct(a: Float64Array, from: number, b: Float64Array, to: number, count: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const whole = count & ~3;
  for (let k = 0; k < whole; k += 4) {
    s0 += a[from + k]! * b[to + k]!;
    s1 += a[from + k + 1]! * b[to + k + 1]!;
    s2 += a[from + k + 2]! * b[to + k + 2]!;
    s3 += a[from + k + 3]! * b[to + k + 3]!;
  }
  for (let k = whole; k < count; k++) s0 += a[from + k]! * b[to + k]!;
  return s0 + s1 + (s2 + s3);
}
