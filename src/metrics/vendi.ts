import { type Matrix64, productTransposed64 } from "../numerics/gram.ts";
import { symmetricEigenvalues } from "../numerics/symmetric-eigen.ts";
import { defineMetric } from "./define.ts";
import { derivedNumbers } from "./memo.ts";
import type { MetricDefinition } from "./metric.ts";
import { inverseNorms, unitMomentsOf } from "./moments.ts";
import type { SampleSet } from "./sample-set.ts";
import { soundEmbeddings } from "./sound-embeddings.ts";

/**
 * The eigenvalues of K / n, K the cosines of all pairs, in falling order: those of XᵀX / n (d x d) where d < n, which has the same
 * ones but zeros.
 */
const spectrumOf = derivedNumbers("vendi-spectrum@1", (set) => {
  const m = set.embeddings;
  if (m === null) throw new RangeError("The set has no embeddings.");
  const small = Math.min(m.rows, m.cols);
  const products = m.cols < m.rows ? unitMomentsOf(set).matrix : cosines(set);
  const values = symmetricEigenvalues(products, small);
  for (let k = 0; k < small; k++) values[k] = Math.max(0, values[k]! / m.rows);
  return values;
});

function cosines(set: SampleSet): Float64Array {
  const { data, rows, cols } = set.embeddings!;
  const scales = inverseNorms(set);
  const unit: Matrix64 = {
    data: Float64Array.from(data, (x, at) => x * scales[Math.floor(at / cols)]!),
    rows,
    cols,
  };
  return productTransposed64(unit, unit);
}

/**
 * The Vendi score of order q from the eigenvalues of K / n: exp of their Renyi entropy; an effective number of different texts.
 *
 * @param values eigenvalues >= 0 that sum to 1. @param q order, 0 < q <= Infinity.
 */
export function vendiScore(values: Float64Array, q: number): number {
  if (q === Number.POSITIVE_INFINITY) return 1 / values.reduce((a, b) => Math.max(a, b), 0);
  let sum = 0;
  for (const value of values) if (value > 0) sum += q === 1 ? -value * Math.log(value) : value ** q;
  return q === 1 ? Math.exp(sum) : sum ** (1 / (1 - q));
}

function vendiOf(id: string, q: number, name: string, sees: string): MetricDefinition {
  return defineMetric({
    id,
    name,
    meaning: `Effective number of different texts by cosine of embeddings, ${sees}; knows nothing of gold but its own score, and grows with n.`,
    group: "diversity",
    better: "gold",
    range: [1, Number.POSITIVE_INFINITY],
    needs: { embeddings: true },
    source: "Friedman and Dieng 2023; Pasarkar and Dieng 2024 for orders other than 1; vertaix/Vendi-Score",
    notes: {
      defaults: "cosine kernel on unit rows; the smaller of the n x n and d x d matrices; float64",
      edges: "grows with n: compare equal n",
      notCopied: "score_X ignores q; float32 eigenvalues add 1e-5",
    },
    floor: false,
    compute(input) {
      const sound = soundEmbeddings(input);
      if ("reason" in sound) return { value: null, reason: sound.reason };
      const [value, gold] = [input.synthetic, input.gold].map((set) => vendiScore(spectrumOf(set), q));
      const settings = { q: Number.isFinite(q) ? q : "inf", d: sound.gold.cols };
      return { value: value!, gold: gold!, settings };
    },
  });
}

/** Vendi scores of order 1, 2 and infinity. */
export const vendiMetrics: readonly MetricDefinition[] = [
  vendiOf("vendi", 1, "Vendi score", "rare kinds counted by their share"),
  vendiOf("vendi-q2", 2, "Vendi score, order 2", "common kinds weighing more"),
  vendiOf("vendi-qinf", Number.POSITIVE_INFINITY, "Vendi score, order infinity", "the most common kind alone"),
];
