import type { KernelCode } from "./code.ts";

type Kernels = Pick<KernelCode, "tridiagonalize" | "accumulateReflectors" | "reflectRows" | "rotateRows">;

/** Below this a reciprocal overflows: rounding noise of a matrix of low rank, which shrinks by 1e-16 from row to row. */
const NEGLIGIBLE = 1e-290;

/** tridiagonal.as.ts in plain TypeScript; sums run in another order, so results agree to rounding only. */
export function plainTridiagonal(buffer: ArrayBuffer): Kernels {
  const memory = new Float64Array(buffer);
  /** Applies reflector k to rows `from` .. `to` - 1 of n numbers. */
  const reflectAll = (a: number, n: number, k: number, scales: number, rows: number, from: number, to: number) => {
    const scale = memory[scales / 8 + k]!;
    if (scale === 0) return;
    const v = a / 8 + k * n;
    for (let r = from; r < to; r++) {
      const row = rows / 8 + r * n;
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += memory[row + j]! * memory[v + j]!;
      sum *= scale;
      for (let j = k + 1; j < n; j++) memory[row + j]! -= sum * memory[v + j]!;
    }
  };
  return {
    tridiagonalize(a, n, first, last, off, scales, work) {
      const view = (bytes: number, length: number) => memory.subarray(bytes / 8, bytes / 8 + length);
      const matrix = view(a, n * n);
      for (let k = first; k < Math.min(last, n - 2); k++) {
        const scale = reflector(matrix, n, k, view(off, n));
        memory[scales / 8 + k] = scale;
        if (scale !== 0) reflect(matrix, n, k, scale, view(work, n));
      }
    },
    accumulateReflectors(a, n, first, last, scales, q) {
      for (let k = last - 1; k >= first; k--) reflectAll(a, n, k, scales, q, k + 1, n);
    },
    reflectRows(a, n, first, last, scales, rows, count) {
      for (let k = last - 1; k >= first; k--) reflectAll(a, n, k, scales, rows, 0, count);
    },
    rotateRows(q, n, first, last, rows, turns, count) {
      const lower = new Int32Array(buffer, rows, count);
      for (let t = 0; t < count; t++) {
        const low = q / 8 + lower[t]! * n;
        const c = memory[turns / 8 + 2 * t]!;
        const s = memory[turns / 8 + 2 * t + 1]!;
        for (let j = first; j < last; j++) {
          const x = memory[low + n + j]!;
          const y = memory[low + j]!;
          memory[low + n + j] = s * y + c * x;
          memory[low + j] = c * y - s * x;
        }
      }
    },
  };
}

/** Writes reflector v (v[k + 1] = 1) over row k and T's entry into `offDiagonal[k]`; returns the scale of H = I - scale v vᵀ. */
function reflector(work: Float64Array, n: number, k: number, offDiagonal: Float64Array): number {
  const at = k * n;
  const head = work[at + k + 1]!;
  let largest = 0;
  for (let j = k + 2; j < n; j++) largest = Math.max(largest, Math.abs(work[at + j]!));
  if (!(largest > NEGLIGIBLE)) {
    offDiagonal[k] = head + (largest <= NEGLIGIBLE ? 0 : Number.NaN);
    return 0;
  }
  largest = Math.max(largest, Math.abs(head));
  let sum = 0; // scaled, so that squares neither overflow nor vanish
  for (let j = k + 1; j < n; j++) sum += (work[at + j]! / largest) ** 2;
  const norm = largest * Math.sqrt(sum);
  const beta = head >= 0 ? -norm : norm;
  offDiagonal[k] = beta;
  const inverse = 1 / (head - beta);
  for (let j = k + 2; j < n; j++) work[at + j]! *= inverse;
  work[at + k + 1] = 1;
  return (beta - head) / beta;
}

/** Applies the reflector in row k to the trailing block from both sides (a symmetric rank-2 update). */
function reflect(work: Float64Array, n: number, k: number, scale: number, p: Float64Array): void {
  const at = k * n;
  p.fill(0, k + 1);
  for (let i = k + 1; i < n; i++) {
    const ri = i * n;
    const v = work[at + i]!;
    let sum = work[ri + i]! * v;
    for (let j = i + 1; j < n; j++) {
      const x = work[ri + j]!;
      sum += x * work[at + j]!;
      p[j]! += x * v;
    }
    p[i]! += sum;
  }
  let dot = 0;
  for (let i = k + 1; i < n; i++) {
    p[i]! *= scale;
    dot += p[i]! * work[at + i]!;
  }
  const half = -0.5 * scale * dot;
  for (let i = k + 1; i < n; i++) p[i]! += half * work[at + i]!;
  for (let i = k + 1; i < n; i++) {
    const ri = i * n;
    const v = work[at + i]!;
    const q = p[i]!;
    for (let j = i; j < n; j++) work[ri + j]! -= v * p[j]! + q * work[at + j]!;
  }
}
