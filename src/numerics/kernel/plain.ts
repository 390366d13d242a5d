import type { KernelCode } from "./workspace.ts";

const BLOCK = 256;
const A_PANEL = 4;
const B_PANEL = 8;
const { fround } = Math;

function pack(memory: Float32Array, source: number, rows: number, cols: number, target: number, width: number): void {
  for (let first = 0; first < rows; first += width) {
    const panel = target + first * cols;
    for (let r = 0; r < width; r++) {
      const from = source + (first + r) * cols;
      const present = first + r < rows;
      for (let k = 0; k < cols; k++) memory[panel + k * width + r] = present ? memory[from + k]! : 0;
    }
  }
}

/**
 * The kernels in plain TypeScript, for processors or runtimes without WebAssembly SIMD. Same memory layout and, because every
 * product and sum is rounded to float32 in the same order, the same bits; about thirty times slower. `./*.as.ts` says what each does.
 */
export function plainKernel(buffer: ArrayBuffer): KernelCode {
  const memory = new Float32Array(buffer);
  const sums = new Float32Array(A_PANEL * B_PANEL);
  return {
    packA: (source, rows, cols, target) => pack(memory, source / 4, rows, cols, target / 4, A_PANEL),
    packB: (source, rows, cols, target) => pack(memory, source / 4, rows, cols, target / 4, B_PANEL),
    multiply(aBytes, aPanels, bBytes, bPanels, cols, cBytes, stride) {
      for (let i = 0; i < aPanels; i++) {
        const a = aBytes / 4 + i * A_PANEL * cols;
        for (let j = 0; j < bPanels; j++) {
          const b = bBytes / 4 + j * B_PANEL * cols;
          const c = cBytes / 4 + i * A_PANEL * stride + j * B_PANEL;
          for (let k = 0; k < Math.max(cols, 1); k += BLOCK) {
            sums.fill(0);
            for (let step = k; step < Math.min(k + BLOCK, cols); step++) {
              for (let r = 0; r < A_PANEL; r++) {
                const x = memory[a + step * A_PANEL + r]!;
                for (let q = 0; q < B_PANEL; q++) {
                  sums[r * B_PANEL + q] = sums[r * B_PANEL + q]! + fround(x * memory[b + step * B_PANEL + q]!);
                }
              }
            }
            for (let r = 0; r < A_PANEL; r++) {
              for (let q = 0; q < B_PANEL; q++) {
                const at = c + r * stride + q;
                memory[at] = k > 0 ? memory[at]! + sums[r * B_PANEL + q]! : sums[r * B_PANEL + q]!;
              }
            }
          }
        }
      }
    },
  };
}
