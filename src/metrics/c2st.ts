import type { Matrix } from "../core/matrix.ts";
import type { Stream } from "../core/stream.ts";
import { type Features, standardizedBy } from "../numerics/features.ts";
import { FACTOR_UP_TO, type Scatter } from "../numerics/logistic-curvature.ts";
import { decisions, type LogisticFit, LogisticRegression } from "../numerics/logistic-regression.ts";
import { defineMetric } from "./define.ts";
import { momentsOf } from "./moments.ts";
import type { SampleSet } from "./sample-set.ts";
import { soundEmbeddings } from "./sound-embeddings.ts";

const FOLDS = 5;
const C = 1;

/** What cross-validation found. */
export interface TwoSampleTest {
  /** Mean over the folds of the share of held-out rows told right. */
  readonly accuracy: number;
  readonly accuracies: readonly number[];
  /** The fit with each fold held out. */
  readonly fits: readonly LogisticFit[];
  readonly features: Features;
}

/**
 * Cross-validated accuracy of a logistic regression (L2, C = 1) that tells synthetic rows from gold ones, on features
 * standardized by gold's mean and deviation.
 *
 * @param folds the fold of each row, gold's rows first: 0 .. K - 1, each used.
 * @param scatter of all rows about gold's mean, where it is known.
 */
export function twoSampleTest(
  gold: Matrix,
  synthetic: Matrix,
  folds: ArrayLike<number>,
  tolerance?: number,
  scatter?: Scatter,
): TwoSampleTest {
  const n = gold.rows;
  const total = n + synthetic.rows;
  const data = new Float32Array(total * gold.cols);
  data.set(gold.data);
  data.set(synthetic.data, gold.data.length);
  const features = standardizedBy(gold, { data, rows: total, cols: gold.cols });
  const isSynthetic = new Uint8Array(total).fill(1, n);
  const every = Uint32Array.from({ length: total }, (_, i) => i);
  const count = Math.max(...Array.from(folds)) + 1;
  const model = new LogisticRegression(features, every, { C, share: 1 - 1 / count, scatter });
  const accuracies: number[] = [];
  const fits: LogisticFit[] = [];
  for (let fold = 0; fold < count; fold++) {
    const fit = model.fit(
      every.filter((i) => folds[i] !== fold),
      isSynthetic,
      fits.at(-1),
      tolerance,
    );
    const held = every.filter((i) => folds[i] === fold);
    const values = decisions(features, held, fit.weights, fit.intercept);
    let right = 0;
    values.forEach((value, r) => {
      if (value > 0 === (isSynthetic[held[r]!] === 1)) right++;
    });
    accuracies.push(right / held.length);
    fits.push(fit);
  }
  const accuracy = accuracies.reduce((sum, value) => sum + value, 0) / count;
  return { accuracy, accuracies, fits, features };
}

/** Both sides' scatter about gold's mean, from moments that FID needs too. Needs two rows a side. */
export function scatterOf(gold: SampleSet, synthetic: SampleSet): Scatter {
  const [p, q] = [momentsOf(gold), momentsOf(synthetic)];
  const d = p.means.length;
  const shift = q.means.map((mean, k) => mean - p.means[k]!);
  const products = new Float64Array(d * d);
  for (let a = 0; a < d; a++) {
    for (let b = 0; b < d; b++) {
      const at = a * d + b;
      products[at] =
        (gold.size - 1) * p.matrix[at]! + (synthetic.size - 1) * q.matrix[at]! + synthetic.size * shift[a]! * shift[b]!;
    }
  }
  return { products, sums: shift.map((x) => synthetic.size * x) };
}

/** Random folds of sizes that differ by at most one. */
export function randomFolds(rows: number, count: number, random: Stream): Uint8Array {
  const folds = new Uint8Array(rows);
  random.permutation(rows).forEach((i, place) => {
    folds[i] = place % count;
  });
  return folds;
}

/** Classifier two-sample test. */
export const c2st = defineMetric({
  id: "c2st",
  name: "Classifier two-sample test",
  meaning:
    "Accuracy of a logistic regression in telling synthetic from gold embeddings (chance is the larger side's share, 0.5 for equal n): sees any linear difference however small; exact copies push it below chance.",
  group: "alignment",
  better: "gold", // the target is chance: copies fall below it and are no better for it
  range: [0, 1],
  needs: { embeddings: true },
  source:
    "Lopez-Paz and Oquab 2017; 5 folds, scikit-learn's LogisticRegression with C = 1 (sbi's default forest is not portable)",
  notes: {
    defaults: "5 random folds, L2 logistic regression with C = 1 on features standardized by gold, exact minimum",
    edges:
      "fewer than 5 texts on a side: null; exact copies give less than chance: read |accuracy - 0.5| beside memorization",
    notCopied:
      "scikit-learn's L-BFGS stops before the minimum: a row within 1e-4 of the plane may fall on the other side",
  },
  floor: true,
  apart: true,
  subsampleShare: 0.75, // chance in the folds counts several times over when nearly all texts are kept
  compute(input, _options, random) {
    const sound = soundEmbeddings(input, 2);
    if ("reason" in sound) return { value: null, reason: sound.reason };
    const total = sound.gold.rows + sound.synthetic.rows;
    const chance = Math.max(sound.gold.rows, sound.synthetic.rows) / total;
    const settings = { folds: FOLDS, C, target: chance, d: sound.gold.cols };
    if (Math.min(sound.gold.rows, sound.synthetic.rows) < FOLDS)
      return { value: null, reason: `Needs at least ${FOLDS} texts on each side.`, settings };
    const folds = randomFolds(total, FOLDS, random);
    const scatter = sound.gold.cols < FACTOR_UP_TO ? scatterOf(input.gold, input.synthetic) : undefined;
    const { accuracy } = twoSampleTest(sound.gold, sound.synthetic, folds, undefined, scatter);
    return { value: accuracy, gold: chance, settings };
  },
});
