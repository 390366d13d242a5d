import { type Matrix, row } from "../../core/matrix.ts";
import { TiledProduct } from "../../numerics/product.ts";

/**
 * What the squared MMD between weighted answers and records is made of: sums of the Gaussian kernel exp(-|a - b|² / (2 s²)).
 * The answers of each pair fall into two halves, so that weights fitted on one can be judged on the other; cell 2 p + h holds
 * those of pair p's half h.
 */
export interface KernelSums {
  readonly pairs: number;
  /** Answers in each cell. */
  readonly counts: Int32Array;
  /** Sums over the answers of two cells: cells x cells; the diagonal holds each answer with itself. */
  readonly between: Float64Array;
  /** Sums over a cell's answers with each record: cells x records. */
  readonly toRecords: Float64Array;
  readonly records: number;
}

/**
 * @param answers rows of unit length
 * @param cells the cell of each answer
 * @param records rows of unit length
 * @param squaredWidth s²
 */
export function kernelSums(
  answers: Matrix,
  cells: Int32Array,
  pairs: number,
  records: Matrix,
  squaredWidth: number,
): KernelSums {
  const counts = new Int32Array(2 * pairs);
  for (const cell of cells) counts[cell]!++;
  const between = new Float64Array(4 * pairs * pairs);
  const toRecords = new Float64Array(2 * pairs * records.rows);
  visitCosines(answers, answers, (a, b, cosine) => {
    between[cells[a]! * 2 * pairs + cells[b]!]! += Math.exp((cosine - 1) / squaredWidth);
  });
  visitCosines(answers, records, (a, i, cosine) => {
    toRecords[cells[a]! * records.rows + i]! += Math.exp((cosine - 1) / squaredWidth);
  });
  return { pairs, counts, between, toRecords, records: records.rows };
}

/** Mean kernel between two different rows of unit length: what is left of the records' own part of the squared MMD. */
export function meanKernel(records: Matrix, squaredWidth: number): number {
  const n = records.rows;
  let sum = 0;
  visitCosines(records, records, (a, b, cosine) => {
    if (a !== b) sum += Math.exp((cosine - 1) / squaredWidth);
  });
  return sum / Math.max(1, n * (n - 1));
}

/** The median squared distance between rows of unit length: s², so that s is the median distance. */
export function medianSquaredDistance(records: Matrix): number {
  const distances: number[] = [];
  for (let a = 1; a < records.rows; a++)
    for (let b = 0; b < a; b++) {
      const [x, y] = [row(records, a), row(records, b)];
      let cosine = 0;
      for (let d = 0; d < x.length; d++) cosine += x[d]! * y[d]!;
      distances.push(Math.max(0, 2 - 2 * cosine));
    }
  distances.sort((a, b) => a - b);
  return distances[Math.floor(distances.length / 2)] ?? 0;
}

function visitCosines(a: Matrix, b: Matrix, see: (i: number, j: number, cosine: number) => void): void {
  const product = new TiledProduct(b);
  for (let i = 0; i < a.rows; i += product.tileRows) {
    product.load(a, i, product.tileRows);
    for (let j = 0; j < b.rows; j += product.tileCols) {
      const { data, stride, rows, cols } = product.tile(j, product.tileCols);
      for (let r = 0; r < rows; r++) for (let c = 0; c < cols; c++) see(i + r, j + c, data[r * stride + c]!);
    }
  }
}
