import type { KernelCode } from "./code.ts";

type Kernels = Pick<KernelCode, "multiplySparse" | "orthogonalize" | "combine">;

/** krylov.as.ts in plain TypeScript, every sum in the same order: the same bits. */
export function plainKrylov(buffer: ArrayBuffer): Kernels {
  const memory = new Float64Array(buffer);
  const integers = new Int32Array(buffer);
  return {
    multiplySparse(rows, parts, starts, columns, scales, x, scratch, width, y) {
      const columnAt = (at: number) => scratch / 8 + integers[columns / 4 + at]!;
      memory.fill(0, scratch / 8, scratch / 8 + width);
      for (let part = 0; part < rows * parts; part++) {
        const change = memory[x / 8 + Math.floor(part / parts)]! * memory[scales / 8 + part]!;
        const end = integers[starts / 4 + part + 1]!;
        for (let at = integers[starts / 4 + part]!; at < end; at++) memory[columnAt(at)]! += change;
      }
      for (let i = 0; i < rows; i++) {
        let total = 0;
        for (let part = i * parts; part < (i + 1) * parts; part++) {
          const from = integers[starts / 4 + part]!;
          const end = integers[starts / 4 + part + 1]!;
          const sums = [0, 0] as [number, number];
          for (let at = from; at < end; at++) sums[((at - from) % 2) as 0 | 1] += memory[columnAt(at)]!;
          total += memory[scales / 8 + part]! * (sums[0] + sums[1]);
        }
        memory[y / 8 + i]! += total;
      }
    },
    orthogonalize(vector, basis, count, n) {
      const v = memory.subarray(vector / 8, vector / 8 + n);
      const whole = n - (n % 4);
      for (let k = 0; k < count; k++) {
        const unit = memory.subarray(basis / 8 + k * n, basis / 8 + (k + 1) * n);
        let [s0, s1, s2, s3] = [0, 0, 0, 0];
        for (let j = 0; j < whole; j += 4) {
          s0 += v[j]! * unit[j]!;
          s1 += v[j + 1]! * unit[j + 1]!;
          s2 += v[j + 2]! * unit[j + 2]!;
          s3 += v[j + 3]! * unit[j + 3]!;
        }
        let sum = s0 + s2 + (s1 + s3);
        for (let j = whole; j < n; j++) sum += v[j]! * unit[j]!;
        for (let j = 0; j < n; j++) v[j]! -= sum * unit[j]!;
      }
    },
    combine(vector, basis, count, n, weights) {
      memory.fill(0, vector / 8, vector / 8 + n);
      for (let k = 0; k < count; k++) {
        const weight = memory[weights / 8 + k]!;
        for (let j = 0; j < n; j++) memory[vector / 8 + j]! += weight * memory[basis / 8 + k * n + j]!;
      }
    },
  };
}
