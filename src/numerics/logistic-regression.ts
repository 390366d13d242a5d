import { takeRows } from "../core/matrix.ts";
import { FeatureRows } from "./feature-rows.ts";
import type { Features } from "./features.ts";
import { Curvature, FACTOR_UP_TO, type Scatter } from "./logistic-curvature.ts";
import { inner, QuasiNewton } from "./quasi-newton.ts";

/** Iterations after which the curvature is taken anew where the iteration stands: sets far apart need it. */
const PATIENCE = 24;
/** Every fit that needed that halves the next one's patience, down to this. */
const LEAST_PATIENCE = 6;
const MAX_ITERATIONS = 500;

export interface LogisticFit {
  /** Weights of the standardized features, and the intercept, which is not penalized. */
  readonly weights: Float64Array;
  readonly intercept: number;
  readonly iterations: number;
}

/** C p (1 - p) at each row: the objective's second derivative by its margin. */
function curvatures(values: Float64Array, C: number): Float64Array {
  return values.map((f) => {
    const p = 1 / (1 + Math.exp(-f));
    return C * p * (1 - p);
  });
}

/** w . z_i + b of the listed rows. */
export function decisions(
  features: Features,
  listed: Uint32Array,
  weights: Float64Array,
  intercept: number,
): Float64Array {
  const result = new Float64Array(listed.length);
  const rows = new FeatureRows({ ...features, rows: takeRows(features.rows, listed) });
  rows.margins(
    listed.map((_, r) => r),
    weights,
    intercept,
    result,
  );
  return result;
}

/**
 * Logistic regression with an L2 penalty: the minimum of |w|^2 / 2 + C sum log(1 + exp(-y f)), y = +1 or -1, as
 * scikit-learn's LogisticRegression states it. The problem is convex: the minimum is found to rounding, by L-BFGS with exact
 * line searches, started from the bound Zᵀ Z / 4 on the curvature and, where that is far off, from the curvature itself, which
 * the next fit goes on with.
 */
export class LogisticRegression {
  readonly #features: Features;
  readonly #rows: FeatureRows;
  readonly #penaltyInverse: number;
  #curvature: Curvature;
  #patience = PATIENCE;

  /**
   * @param listed the rows whose products bound the curvature: all that will be trained on, or a sample.
   * @param options `scatter`: of the listed rows, where it is known.
   */
  constructor(
    features: Features,
    listed: Uint32Array,
    options: { readonly C: number; readonly share?: number; readonly scatter?: Scatter | undefined },
  ) {
    this.#features = features;
    this.#rows = new FeatureRows(features);
    this.#penaltyInverse = options.C;
    const bound = (options.C * (options.share ?? 1)) / 4;
    this.#curvature = new Curvature(features, listed, new Float64Array(listed.length).fill(bound), options.scatter);
  }

  /**
   * @param listed the training rows. @param positive which of all rows are of class +1.
   * @param start weights and intercept to start from.
   * @param tolerance the iteration ends when the squared Newton decrement is at most this (times C n).
   */
  fit(listed: Uint32Array, positive: Uint8Array, start?: LogisticFit, tolerance = 1e-16): LogisticFit {
    const d = this.#features.rows.cols;
    const C = this.#penaltyInverse;
    const point = new Float64Array(d + 1);
    if (start !== undefined) {
      point.set(start.weights);
      point[d] = start.intercept;
    }
    const signs = Float64Array.from(listed, (i) => (positive[i] === 1 ? 1 : -1));
    const values = new Float64Array(listed.length);
    this.#rows.margins(listed, point.subarray(0, d), point[d]!, values);
    const along = new Float64Array(listed.length);
    const residuals = new Float64Array(listed.length);
    const gradient = new Float64Array(d + 1);
    const before = new Float64Array(d + 1);
    const direction = new Float64Array(d + 1);
    let memory = new QuasiNewton(d + 1, this.#curvature);
    let iterations = 0;
    let refreshAt = this.#patience;
    for (; iterations < MAX_ITERATIONS; iterations++) {
      gradientAt(this.#rows, listed, signs, values, C, point, residuals, gradient);
      if (iterations === refreshAt && d < FACTOR_UP_TO) {
        refreshAt += PATIENCE;
        this.#patience = Math.max(LEAST_PATIENCE, this.#patience >> 1);
        this.#curvature = new Curvature(this.#features, listed, curvatures(values, C));
        memory = new QuasiNewton(d + 1, this.#curvature);
      } else if (iterations > 0) memory.remember(gradient, before);
      memory.direction(gradient, direction);
      const slope = inner(gradient, direction);
      if (!(-slope > tolerance * Math.max(1, C * listed.length))) break;
      this.#rows.margins(listed, direction.subarray(0, d), direction[d]!, along);
      const step = lineSearch(signs, values, along, point, direction, C);
      if (step === 0) break;
      for (let k = 0; k <= d; k++) point[k]! += step * direction[k]!;
      for (let r = 0; r < values.length; r++) values[r]! += step * along[r]!;
      memory.moved(step, direction);
      before.set(gradient);
    }
    return { weights: point.slice(0, d), intercept: point[d]!, iterations };
  }
}

/** Gradient of the objective; the last entry is the intercept's. */
function gradientAt(
  rows: FeatureRows,
  listed: Uint32Array,
  signs: Float64Array,
  values: Float64Array,
  C: number,
  point: Float64Array,
  residuals: Float64Array,
  into: Float64Array,
): void {
  const d = point.length - 1;
  let total = 0;
  for (let r = 0; r < residuals.length; r++) {
    const y = signs[r]!;
    residuals[r] = (-C * y) / (1 + Math.exp(y * values[r]!));
    total += residuals[r]!;
  }
  rows.weightedSum(listed, residuals, into);
  for (let k = 0; k < d; k++) into[k]! += point[k]!;
  into[d] = total;
}

/** The step that minimizes the objective along a direction, by Newton's method on the convex function of one number. */
function lineSearch(
  signs: Float64Array,
  values: Float64Array,
  along: Float64Array,
  point: Float64Array,
  direction: Float64Array,
  C: number,
): number {
  const d = point.length - 1;
  let linear = 0;
  let square = 0;
  for (let k = 0; k < d; k++) {
    linear += point[k]! * direction[k]!;
    square += direction[k]! * direction[k]!;
  }
  let step = 1;
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  for (let trial = 0; trial < 30; trial++) {
    let slope = linear + step * square;
    let bend = square;
    for (let r = 0; r < values.length; r++) {
      const y = signs[r]!;
      const p = 1 / (1 + Math.exp(y * (values[r]! + step * along[r]!)));
      slope -= C * y * along[r]! * p;
      bend += C * along[r]! * along[r]! * p * (1 - p);
    }
    if (slope > 0) high = step;
    else low = step;
    const change = slope / bend;
    if (!Number.isFinite(change)) return low;
    let next = step - change;
    if (!(next > low && next < high)) next = high === Number.POSITIVE_INFINITY ? 2 * step : (low + high) / 2;
    if (Math.abs(next - step) <= 1e-3 * step) return next;
    step = next;
  }
  return step;
}
