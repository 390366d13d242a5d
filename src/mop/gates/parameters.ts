import type { Matrix } from "../../core/matrix.ts";
import type { Stream } from "../../core/stream.ts";

/**
 * What the gates see: h(x) of the distinct contexts with a constant 1 appended (*choice*: so that a weight free of context can
 * be learned), h(g_k), h(x_j, y_j). `exemplars` is null for a mixture of personas alone.
 */
export interface GateInputs {
  readonly contexts: Matrix;
  readonly personas: Matrix;
  readonly exemplars: Matrix | null;
}

/** The trained numbers, one flat float64 array: W_x (d x (H + 1)), W_g (d x H), W_e (d x H), row-major. */
export class GateParameters {
  readonly values: Float64Array;
  readonly rank: number;
  readonly contextWidth: number;
  readonly width: number;

  constructor(rank: number, contextWidth: number, width: number, values?: Float64Array) {
    const size = rank * (contextWidth + 2 * width);
    if (values !== undefined && values.length !== size)
      throw new RangeError(`${values.length} numbers; the gates have ${size}.`);
    this.rank = rank;
    this.contextWidth = contextWidth;
    this.width = width;
    this.values = values ?? new Float64Array(size);
  }

  /**
   * The uniform start: W_g = W_e = 0 makes every logit zero, W_x ~ N(0, 1/d) keeps |x~| near |h(x)| so that gradients reach
   * both. (All three at zero would be a saddle without gradient.)
   */
  static uniformStart(rank: number, contextWidth: number, width: number, random: Stream): GateParameters {
    const start = new GateParameters(rank, contextWidth, width);
    const scale = 1 / Math.sqrt(rank);
    for (let i = 0; i < start.contexts.length; i++) start.contexts[i] = random.normal() * scale;
    return start;
  }

  /** All three ~ N(0, 1/d): no two pairs weigh the same, and none much more than another. */
  static randomStart(rank: number, contextWidth: number, width: number, random: Stream): GateParameters {
    const start = new GateParameters(rank, contextWidth, width);
    for (let i = 0; i < start.values.length; i++) start.values[i] = random.normal() / Math.sqrt(rank);
    return start;
  }

  /** W_x, W_g and W_e as views. */
  get contexts(): Float64Array {
    return this.values.subarray(0, this.rank * this.contextWidth);
  }
  get personas(): Float64Array {
    const from = this.rank * this.contextWidth;
    return this.values.subarray(from, from + this.rank * this.width);
  }
  get exemplars(): Float64Array {
    return this.values.subarray(this.rank * (this.contextWidth + this.width));
  }

  copy(): GateParameters {
    return new GateParameters(this.rank, this.contextWidth, this.width, this.values.slice());
  }
}

/** The same rows with a constant appended. */
export function withConstant(m: Matrix, constant = 1): Matrix {
  const cols = m.cols + 1;
  const data = new Float32Array(m.rows * cols).fill(constant);
  for (let i = 0; i < m.rows; i++) data.set(m.data.subarray(i * m.cols, (i + 1) * m.cols), i * cols);
  return { data, rows: m.rows, cols };
}
