import { type Matrix, row } from "../core/matrix.ts";
import { columnMeans, covariance, gram } from "../numerics/gram.ts";
import { derivedNumbers } from "./memo.ts";
import { derived, type SampleSet } from "./sample-set.ts";

/** Column means (d numbers) and a d x d matrix, float64. */
export interface Moments {
  readonly means: Float64Array;
  readonly matrix: Float64Array;
}

function pack({ means, matrix }: Moments): Float64Array {
  const numbers = new Float64Array(means.length + matrix.length);
  numbers.set(means);
  numbers.set(matrix, means.length);
  return numbers;
}

function unpack(numbers: Float64Array, d: number): Moments {
  return { means: numbers.subarray(0, d), matrix: numbers.subarray(d) };
}

function embeddingsOf(set: SampleSet): Matrix {
  if (set.embeddings === null) throw new RangeError("The set has no embeddings.");
  return set.embeddings;
}

const packedMoments = derivedNumbers("moments@1", (set) => {
  const m = embeddingsOf(set);
  const means = columnMeans(m);
  return pack({ means, matrix: covariance(m, means) });
});

/** Mean and covariance (divisor n - 1) of a set's embeddings as they are. Needs two rows. */
export const momentsOf = (set: SampleSet): Moments => unpack(packedMoments(set), embeddingsOf(set).cols);

/** In four running sums: one alone would wait for itself at every step. */
function squaredNorm(x: Float32Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const whole = x.length & ~3;
  for (let k = 0; k < whole; k += 4) {
    s0 += x[k]! * x[k]!;
    s1 += x[k + 1]! * x[k + 1]!;
    s2 += x[k + 2]! * x[k + 2]!;
    s3 += x[k + 3]! * x[k + 3]!;
  }
  for (let k = whole; k < x.length; k++) s0 += x[k]! * x[k]!;
  return s0 + s1 + (s2 + s3);
}

/** 1 / |x| of each row, in float64. */
export const inverseNorms: (set: SampleSet) => Float64Array = derived((set) => {
  const m = embeddingsOf(set);
  return Float64Array.from({ length: m.rows }, (_, i) => 1 / Math.sqrt(squaredNorm(row(m, i))));
});

/** Mean of a set's embeddings scaled to unit length. Needs rows that are not zero. */
export const unitMeansOf: (set: SampleSet) => Float64Array = derived((set) => {
  const m = embeddingsOf(set);
  const scales = inverseNorms(set);
  const means = new Float64Array(m.cols);
  for (let i = 0; i < m.rows; i++) {
    const scale = scales[i]! / m.rows;
    for (let j = 0; j < m.cols; j++) means[j]! += m.data[i * m.cols + j]! * scale;
  }
  return means;
});

const packedUnitMoments = derivedNumbers("unit-moments@1", (set) =>
  pack({ means: unitMeansOf(set), matrix: gram(embeddingsOf(set), { scales: inverseNorms(set) }) }),
);

/** Mean and XᵀX (not centered) of a set's embeddings scaled to unit length. Needs rows that are not zero. */
export const unitMomentsOf = (set: SampleSet): Moments => unpack(packedUnitMoments(set), embeddingsOf(set).cols);

/** Whether all rows have unit length, to float32. */
export const isNormalized: (set: SampleSet) => boolean = derived((set) =>
  inverseNorms(set).every((scale) => Math.abs(scale - 1) < 1e-4),
);
