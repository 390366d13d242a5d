import { KERNEL_BASE64 } from "./binary.ts";
import type { KernelCode } from "./code.ts";
import { plainCholesky } from "./plain-cholesky.ts";
import { plainKrylov } from "./plain-krylov.ts";
import { plainLcs } from "./plain-lcs.ts";
import { plainLloyd } from "./plain-lloyd.ts";
import { plainPairs } from "./plain-pairs.ts";
import { plainProduct } from "./plain-product.ts";
import { plainRows } from "./plain-rows.ts";
import { plainTridiagonal } from "./plain-tridiagonal.ts";

/** Which code runs: `simd` WebAssembly where the processor has it, `plain` TypeScript otherwise. Results are the same bits, but for the
 * tridiagonal reduction, which agrees to rounding. */
export type KernelKind = "simd" | "plain";

const PAGE = 65536;
const ALIGNMENT = 64;

let compiled: WebAssembly.Module | null | undefined;

/** The compiled module, made at first use; null where the runtime cannot run it (no WebAssembly SIMD). */
function kernelModule(): WebAssembly.Module | null {
  if (compiled === undefined) {
    const bytes = Buffer.from(KERNEL_BASE64, "base64");
    compiled = WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
  }
  return compiled;
}

/** Bytes that `reserve` takes for so many. */
function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/**
 * Memory of one computation and the kernels that work on it. Its size is fixed when it is made (so views stay valid) and it is
 * freed with the object: nothing is kept between computations but the compiled module.
 */
export class Workspace {
  readonly code: KernelCode;
  readonly kind: KernelKind;
  readonly #buffer: ArrayBuffer;
  #used = ALIGNMENT;

  /** @param sizes the bytes of each region that will be reserved. */
  constructor(sizes: readonly number[], kind?: KernelKind) {
    const bytes = sizes.reduce((sum, size) => sum + aligned(size), ALIGNMENT);
    const module = kind === "plain" ? null : kernelModule();
    if (module === null) {
      this.#buffer = new ArrayBuffer(aligned(bytes));
      this.code = {
        ...plainProduct(this.#buffer),
        ...plainCholesky(this.#buffer),
        ...plainLloyd(this.#buffer),
        ...plainTridiagonal(this.#buffer),
        ...plainKrylov(this.#buffer),
        ...plainLcs(this.#buffer),
        ...plainRows(this.#buffer),
        ...plainPairs(this.#buffer),
      };
      this.kind = "plain";
    } else {
      const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
      const abort = (): never => {
        throw new Error("The kernel module aborted.");
      };
      this.#buffer = memory.buffer;
      this.code = new WebAssembly.Instance<KernelCode>(module, { env: { memory, abort } }).exports;
      this.kind = "simd";
    }
  }

  /** The byte offset of a fresh region, aligned to 64. @throws RangeError when more is asked for than the workspace was made for. */
  reserve(bytes: number): number {
    const offset = this.#used;
    this.#used += aligned(bytes);
    if (this.#used > this.#buffer.byteLength) throw new RangeError("The workspace was made too small.");
    return offset;
  }

  /** `length` float32 numbers at a byte offset, as a view. */
  float32(offset: number, length: number): Float32Array {
    return new Float32Array(this.#buffer, offset, length);
  }

  /** `length` int32 numbers at a byte offset, as a view. */
  int32(offset: number, length: number): Int32Array {
    return new Int32Array(this.#buffer, offset, length);
  }

  /** `length` float64 numbers at a byte offset, as a view. */
  float64(offset: number, length: number): Float64Array {
    return new Float64Array(this.#buffer, offset, length);
  }
}
