/** A sparse matrix by rows: row i holds values[at] in columns[at] for starts[i] <= at < starts[i + 1]. */
export interface SparseRows {
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
  /** Number of columns. */
  readonly width: number;
}

/** The columns as rows; inside each, rows rise. */
export function transposed({ starts, columns, values, width }: SparseRows): SparseRows {
  const rows = starts.length - 1;
  const ends = new Int32Array(width + 1);
  for (const column of columns) ends[column + 1]! += 1;
  for (let c = 0; c < width; c++) ends[c + 1]! += ends[c]!;
  const filled = ends.slice();
  const back = { columns: new Int32Array(columns.length), values: new Float64Array(columns.length) };
  for (let i = 0; i < rows; i++) {
    for (let at = starts[i]!; at < starts[i + 1]!; at++) {
      const to = filled[columns[at]!]!++;
      back.columns[to] = i;
      back.values[to] = values[at]!;
    }
  }
  return { starts: ends, ...back, width: rows };
}

/** Adds row r of A B to `sums` (B's width). */
export function addProductRow(a: SparseRows, r: number, b: SparseRows, sums: Float64Array): void {
  const { starts, columns, values } = b;
  for (let k = a.starts[r]!; k < a.starts[r + 1]!; k++) {
    const value = a.values[k]!;
    const row = a.columns[k]!;
    const end = starts[row + 1]!;
    for (let at = starts[row]!; at < end; at++) sums[columns[at]!]! += value * values[at]!;
  }
}

/**
 * Sum of squared entries of U Uᵀ, without the matrix. Column by column that costs the squared number of rows that share one, too
 * much for the frequent columns F; with the rare ones R it is also |Uᵀ U|², and that is |Fᵀ F|² + 2 |Rᵀ F|² + |R Rᵀ|².
 */
export function gramSquares(rows: SparseRows): number {
  const lists = transposed(rows);
  const many = 2 * Math.sqrt(rows.starts.length);
  const isFrequent = Uint8Array.from({ length: rows.width }, (_, c) =>
    lists.starts[c + 1]! - lists.starts[c]! > many ? 1 : 0,
  );
  const rare = selected(rows, (column) => isFrequent[column] === 0);
  const frequent = selected(rows, (column) => isFrequent[column] === 1);
  return (
    productSquares(lists, frequent, (column) => (isFrequent[column] === 1 ? 1 : 2)) +
    productSquares(rare, transposed(rare), () => 1)
  );
}

/** The rows with some of their columns alone, which are numbered anew: close together, they stay in the cache. */
function selected({ starts, columns, values, width }: SparseRows, keep: (column: number) => boolean): SparseRows {
  let kept = 0;
  const numbers = Int32Array.from({ length: width }, (_, column) => (keep(column) ? kept++ : -1));
  const rows = { starts: new Int32Array(starts.length), columns: columns.slice(), values: values.slice(), width: kept };
  let count = 0;
  for (let i = 0; i + 1 < starts.length; i++) {
    for (let at = starts[i]!; at < starts[i + 1]!; at++) {
      const number = numbers[columns[at]!]!;
      if (number < 0) continue;
      rows.columns[count] = number;
      rows.values[count++] = values[at]!;
    }
    rows.starts[i + 1] = count;
  }
  return rows;
}

/** Sum of squared entries of A B, each times its row's weight. */
function productSquares(a: SparseRows, b: SparseRows, weightOf: (row: number) => number): number {
  const sums = new Float64Array(b.width);
  let total = 0;
  for (let r = 0; r + 1 < a.starts.length; r++) {
    addProductRow(a, r, b, sums);
    total += weightOf(r) * takeSquares(a, r, b, sums);
  }
  return total;
}

/** Sum of squares of what `addProductRow` left in `sums`, which is cleared: each place counts where it is met first. */
function takeSquares(a: SparseRows, r: number, b: SparseRows, sums: Float64Array): number {
  const { starts, columns } = b;
  let squares = 0;
  for (let k = a.starts[r]!; k < a.starts[r + 1]!; k++) {
    const row = a.columns[k]!;
    const end = starts[row + 1]!;
    for (let at = starts[row]!; at < end; at++) {
      const column = columns[at]!;
      squares += sums[column]! * sums[column]!;
      sums[column] = 0;
    }
  }
  return squares;
}
