import type { Matrix } from "../core/matrix.ts";
import { type KernelKind, Workspace } from "./kernel/workspace.ts";

/** Rows handled by one call into the kernel: few enough that the first, unoptimized calls are short. */
const ROWS = 256;

/** Squared distances of fixed rows to a point, in float64. */
export class RowDistances {
  readonly #space: Workspace;
  readonly #rows: number;
  readonly #cols: number;
  readonly #point: Float32Array;
  readonly #found: Float64Array;

  /** Copies the rows. */
  constructor({ data, rows, cols }: Matrix, kind?: KernelKind) {
    const sizes = [4 * data.length, 4 * cols, 8 * rows] as const;
    this.#space = new Workspace(sizes, kind);
    this.#rows = this.#space.reserve(sizes[0]);
    this.#cols = cols;
    this.#space.float32(this.#rows, data.length).set(data);
    this.#point = this.#space.float32(this.#space.reserve(sizes[1]), cols);
    this.#found = this.#space.float64(this.#space.reserve(sizes[2]), rows);
  }

  /** Overwritten by the next call. */
  to(point: Float32Array): Float64Array {
    this.#point.set(point);
    for (let first = 0; first < this.#found.length; first += ROWS) {
      const [rows, out] = [this.#rows + 4 * first * this.#cols, this.#found.byteOffset + 8 * first];
      const count = Math.min(ROWS, this.#found.length - first);
      this.#space.code.rowDistances(rows, this.#cols, count, this.#point.byteOffset, out);
    }
    return this.#found;
  }
}
