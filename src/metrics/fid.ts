import type { Matrix } from "../core/matrix.ts";
import type { Matrix64 } from "../numerics/gram.ts";
import { choleskyTransposed, nuclearNorm, rootRows, traceSqrtProduct } from "../numerics/trace-sqrt.ts";
import { defineMetric } from "./define.ts";
import { fidDerivative } from "./fid-derivative.ts";
import { isNormalized, type Moments, momentsOf } from "./moments.ts";
import { derived, type SampleSet } from "./sample-set.ts";
import { soundEmbeddings } from "./sound-embeddings.ts";

const choleskyOf: (set: SampleSet) => Float64Array | null = derived((set) => {
  const { means, matrix } = momentsOf(set);
  return choleskyTransposed(matrix, means.length);
});

/** Rows F with FᵀF the covariance: the centered rows themselves where they are fewer than coordinates. */
const rootOf: (set: SampleSet) => Matrix64 = derived((set) => {
  const { means, matrix } = momentsOf(set);
  const m = set.embeddings;
  return m !== null && m.rows <= m.cols ? centeredRows(m, means) : rootRows(matrix, means.length);
});

function centeredRows({ data, rows, cols }: Matrix, means: Float64Array): Matrix64 {
  const scale = 1 / Math.sqrt(rows - 1);
  return { data: Float64Array.from(data, (x, at) => (x - means[at % cols]!) * scale), rows, cols };
}

/**
 * Frechet distance of the normal distributions with two sets' means and covariances (divisor n - 1):
 * |m1 - m2|² + tr S1 + tr S2 - 2 tr (S1 S2)^1/2, in float64.
 *
 * The root's trace comes from the eigenvalues of Lᵀ S1 L where one covariance is L Lᵀ, else (singular: fewer texts than
 * coordinates, or collapsed) from singular values, so it is never complex and needs no added epsilon. Rounding below zero is
 * cut to 0.
 *
 * @param a n x d embeddings, n >= 2, finite. @param b m x d.
 */
export function frechetDistance(a: SampleSet, b: SampleSet): number {
  const first = momentsOf(a);
  const second = momentsOf(b);
  const d = first.means.length;
  let distance = 0;
  for (let j = 0; j < d; j++) distance += (first.means[j]! - second.means[j]!) ** 2;
  const traces = trace(first, d) + trace(second, d);
  return Math.max(0, distance + traces - 2 * traceOfRoot(a, b, d));
}

function traceOfRoot(a: SampleSet, b: SampleSet, d: number): number {
  const second = choleskyOf(b);
  if (second !== null) return traceSqrtProduct(momentsOf(a).matrix, second, d);
  const first = choleskyOf(a);
  if (first !== null) return traceSqrtProduct(momentsOf(b).matrix, first, d);
  return nuclearNorm(rootOf(a), rootOf(b));
}

function trace({ matrix }: Moments, d: number): number {
  let sum = 0;
  for (let j = 0; j < d; j++) sum += matrix[j * (d + 1)]!;
  return sum;
}

/** Frechet distance of embeddings. */
export const fid = defineMetric({
  id: "fid",
  name: "Frechet distance (FID)",
  meaning:
    "Distance between the normal distributions with the means and covariances of both sets' embeddings: sees place and spread, misses whatever two moments do not show, and falls as 1/n, so compare equal n only.",
  group: "alignment",
  better: "lower",
  range: [0, Number.POSITIVE_INFINITY],
  needs: { embeddings: true },
  source: "Heusel et al. 2017; pytorch-fid (float64), with an exact route for singular covariances; cut at 0",
  notes: {
    defaults: "embeddings as the encoder returns them (`normalized` says which), divisor n - 1, float64",
    edges:
      "fewer than two texts on a side: null; n < d or repeated texts: exact through singular values; equal sets: cut at 0",
    notCopied:
      "scipy's sqrtm is good to 2e-7 only where covariances are singular, and may turn complex; clean-fid takes float32 means",
  },
  floor: true,
  apart: true,
  influence: fidDerivative,
  compute(input) {
    const sound = soundEmbeddings(input, 2);
    if ("reason" in sound) return { value: null, reason: sound.reason };
    const normalized = isNormalized(input.gold) && isNormalized(input.synthetic);
    return {
      value: frechetDistance(input.synthetic, input.gold),
      settings: { normalized, d: sound.gold.cols },
    };
  },
});
