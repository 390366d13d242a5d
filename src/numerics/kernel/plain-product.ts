import type { KernelCode } from "./code.ts";

type Kernels = Pick<KernelCode, "packA" | "packB" | "multiply" | "packRows64" | "packColumns64" | "multiply64">;

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

/** product.as.ts and double.as.ts in plain TypeScript: every product and sum is rounded in the same order, so the bits are the same. */
export function plainProduct(buffer: ArrayBuffer): Kernels {
  const memory = new Float32Array(buffer);
  const memory64 = new Float64Array(buffer);
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
    packRows64(source, rows, stride, first, count, target) {
      for (let i = 0; i < Math.ceil(rows / 4) * 4; i++) {
        const to = target / 8 + (i - (i % 4)) * count + (i % 4);
        const from = source / 8 + i * stride + first;
        for (let k = 0; k < count; k++) memory64[to + 4 * k] = i < rows ? memory64[from + k]! : 0;
      }
    },
    packColumns64(source, count, cols, means, scales, target) {
      for (let j = 0; j < Math.ceil(cols / 4) * 4; j++) {
        const to = target / 8 + (j - (j % 4)) * count + (j % 4);
        for (let k = 0; k < count; k++) {
          const x = j < cols ? memory[source / 4 + k * cols + j]! - memory64[means / 8 + j]! : 0;
          memory64[to + 4 * k] = x * memory64[scales / 8 + k]!;
        }
      }
    },
    multiply64(a, aPanels, b, bPanels, count, c, stride, upper) {
      for (let j = 0; j < bPanels; j++) {
        for (let i = 0; i < (upper ? Math.min(j + 1, aPanels) : aPanels); i++) {
          for (let r = 0; r < 4; r++) {
            for (let q = 0; q < 4; q++) {
              let sum = 0;
              for (let k = 0; k < count; k++) {
                sum += memory64[a / 8 + 4 * (i * count + k) + r]! * memory64[b / 8 + 4 * (j * count + k) + q]!;
              }
              memory64[c / 8 + (4 * i + r) * stride + 4 * j + q]! += sum;
            }
          }
        }
      }
    },
  };
}
