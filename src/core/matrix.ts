/** A dense matrix of embeddings: row-major float32, one row a text. */
export interface Matrix {
  readonly data: Float32Array;
  readonly rows: number;
  readonly cols: number;
}

/**
 * A matrix over existing numbers. @throws RangeError when the length is not rows * cols.
 * @example
 * const rows = matrix(Float32Array.of(1, 0, 0, 1), 2, 2); // two rows of two numbers
 */
export function matrix(data: Float32Array, rows: number, cols: number): Matrix {
  if (data.length !== rows * cols) throw new RangeError(`${data.length} numbers do not fill ${rows} x ${cols}.`);
  return { data, rows, cols };
}

/** Row i as a view, not a copy. */
export function row(m: Matrix, i: number): Float32Array {
  return m.data.subarray(i * m.cols, (i + 1) * m.cols);
}

/** The listed rows, copied, in that order. */
export function takeRows(m: Matrix, indices: ArrayLike<number>): Matrix {
  const data = new Float32Array(indices.length * m.cols);
  for (let i = 0; i < indices.length; i++) data.set(row(m, indices[i]!), i * m.cols);
  return { data, rows: indices.length, cols: m.cols };
}

/** The rows scaled to unit length; rows of zeros stay zero. Norms are summed in float64. */
export function unitRows(m: Matrix): Matrix {
  const data = new Float32Array(m.data.length);
  for (let i = 0; i < m.rows; i++) {
    const start = i * m.cols;
    let sum = 0;
    for (let j = 0; j < m.cols; j++) sum += m.data[start + j]! * m.data[start + j]!;
    const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
    for (let j = 0; j < m.cols; j++) data[start + j] = m.data[start + j]! * scale;
  }
  return { data, rows: m.rows, cols: m.cols };
}
