import { type Matrix, takeRows } from "../core/matrix.ts";
import { choleskyInPlace, solveCholesky } from "./cholesky.ts";
import { columnMeans, gram } from "./gram.ts";

/** Pairs of steps and gradients that the quasi-Newton iteration remembers. */
const MEMORY = 12;
const MAX_ITERATIONS = 500;
/** Widths up to which the curvature's bound is factored; wider features use its diagonal. */
const FACTOR_UP_TO = 1536;

/** Features standardised on the fly: z = (x - mean) / scale. */
export interface Features {
  readonly rows: Matrix;
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

export interface LogisticFit {
  /** Weights of the standardised features, and the intercept, which is not penalised. */
  readonly weights: Float64Array;
  readonly intercept: number;
  readonly iterations: number;
}

/** Standardisation by the mean and standard deviation (n - 1) of these rows; a deviation below 1e-14 counts as 1. */
export function standardisedBy(reference: Matrix, rows: Matrix): Features {
  const { data, rows: n, cols: d } = reference;
  const mean = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) mean[k]! += data[i * d + k]! / n;
  const scale = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) scale[k]! += (data[i * d + k]! - mean[k]!) ** 2;
  for (let k = 0; k < d; k++) {
    const deviation = Math.sqrt(scale[k]! / Math.max(1, n - 1));
    scale[k] = deviation < 1e-14 ? 1 : deviation;
  }
  return { rows, mean, scale };
}

/** Features as they are. */
export function plainFeatures(rows: Matrix): Features {
  return { rows, mean: new Float64Array(rows.cols), scale: new Float64Array(rows.cols).fill(1) };
}

/** w . z_i + b of the listed rows. */
export function decisions(
  features: Features,
  listed: Uint32Array,
  weights: Float64Array,
  intercept: number,
): Float64Array {
  const result = new Float64Array(listed.length);
  margins(features, listed, weights, intercept, result);
  return result;
}

/**
 * Logistic regression with an L2 penalty: the minimum of |w|^2 / 2 + C sum log(1 + exp(-y f)), y = +1 or -1, as
 * scikit-learn's LogisticRegression states it. The problem is convex: the minimum is found to rounding, by L-BFGS with exact
 * line searches, started from the bound Zᵀ Z / 4 on the curvature.
 */
export class LogisticRegression {
  readonly #features: Features;
  readonly #penaltyInverse: number;
  readonly #curvature: Curvature;

  /** @param listed the rows whose products bound the curvature: all that will be trained on, or a sample. */
  constructor(features: Features, listed: Uint32Array, options: { readonly C: number; readonly share?: number }) {
    this.#features = features;
    this.#penaltyInverse = options.C;
    this.#curvature = new Curvature(features, listed, (options.C * (options.share ?? 1)) / 4);
  }

  /**
   * @param listed the training rows. @param positive which of all rows are of class +1.
   * @param start weights and intercept to start from.
   * @param tolerance the iteration ends when the squared Newton decrement is at most this (times C n).
   */
  fit(listed: Uint32Array, positive: Uint8Array, start?: LogisticFit, tolerance = 1e-16): LogisticFit {
    const features = this.#features;
    const d = features.rows.cols;
    const C = this.#penaltyInverse;
    const point = new Float64Array(d + 1);
    if (start !== undefined) {
      point.set(start.weights);
      point[d] = start.intercept;
    }
    const signs = Float64Array.from(listed, (i) => (positive[i] === 1 ? 1 : -1));
    const values = decisions(features, listed, point.subarray(0, d), point[d]!);
    const along = new Float64Array(listed.length);
    const residuals = new Float64Array(listed.length);
    const gradient = new Float64Array(d + 1);
    const before = new Float64Array(d + 1);
    const direction = new Float64Array(d + 1);
    const memory = new QuasiNewton(d + 1, this.#curvature);
    let iterations = 0;
    for (; iterations < MAX_ITERATIONS; iterations++) {
      gradientAt(features, listed, signs, values, C, point, residuals, gradient);
      if (iterations > 0) memory.remember(gradient, before);
      memory.direction(gradient, direction);
      const slope = inner(gradient, direction);
      if (!(-slope > tolerance * Math.max(1, C * listed.length))) break;
      margins(features, listed, direction.subarray(0, d), direction[d]!, along);
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

/** f_r = w . z + b without making z: x . (w / scale) + (b - mean . (w / scale)). */
function margins(
  { rows, mean, scale }: Features,
  listed: Uint32Array,
  weights: Float64Array,
  intercept: number,
  into: Float64Array,
): void {
  const { data, cols: d } = rows;
  const scaled = weights.map((weight, k) => weight / scale[k]!);
  const offset = intercept - inner(mean, scaled);
  const even = d - (d % 4);
  for (let r = 0; r < listed.length; r++) {
    const at = listed[r]! * d;
    let a = 0;
    let b = 0;
    let c = 0;
    let e = 0;
    for (let k = 0; k < even; k += 4) {
      a += data[at + k]! * scaled[k]!;
      b += data[at + k + 1]! * scaled[k + 1]!;
      c += data[at + k + 2]! * scaled[k + 2]!;
      e += data[at + k + 3]! * scaled[k + 3]!;
    }
    for (let k = even; k < d; k++) a += data[at + k]! * scaled[k]!;
    into[r] = offset + (a + b + (c + e));
  }
}

/** Gradient of the objective; the last entry is the intercept's. */
function gradientAt(
  { rows, mean, scale }: Features,
  listed: Uint32Array,
  signs: Float64Array,
  values: Float64Array,
  C: number,
  point: Float64Array,
  residuals: Float64Array,
  into: Float64Array,
): void {
  const { data, cols: d } = rows;
  let total = 0;
  for (let r = 0; r < residuals.length; r++) {
    const y = signs[r]!;
    residuals[r] = (-C * y) / (1 + Math.exp(y * values[r]!));
    total += residuals[r]!;
  }
  into.fill(0);
  // Four rows at a time: the sums are read and written a quarter as often.
  const even = listed.length - (listed.length % 4);
  for (let r = 0; r < even; r += 4) {
    const [i, j, l, m] = [listed[r]! * d, listed[r + 1]! * d, listed[r + 2]! * d, listed[r + 3]! * d];
    const [a, b, c, e] = [residuals[r]!, residuals[r + 1]!, residuals[r + 2]!, residuals[r + 3]!];
    for (let k = 0; k < d; k++) into[k]! += a * data[i + k]! + b * data[j + k]! + (c * data[l + k]! + e * data[m + k]!);
  }
  for (let r = even; r < listed.length; r++) {
    const i = listed[r]! * d;
    for (let k = 0; k < d; k++) into[k]! += residuals[r]! * data[i + k]!;
  }
  for (let k = 0; k < d; k++) into[k] = (into[k]! - mean[k]! * total) / scale[k]! + point[k]!;
  into[d] = total;
}

/** The step that minimises the objective along a direction, by Newton's method on the convex function of one number. */
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

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}

/** Solves with the bound I + c Zᵀ Z on the objective's curvature (the intercept's row and column included). */
class Curvature {
  readonly #factor: Float64Array | null;
  readonly #diagonal: Float64Array;
  readonly #size: number;

  constructor(features: Features, listed: Uint32Array, c: number) {
    const { mean, scale } = features;
    const d = features.rows.cols;
    const size = d + 1;
    this.#size = size;
    const rows = listed.length === features.rows.rows ? features.rows : takeRows(features.rows, listed);
    const own = columnMeans(rows);
    const full = size <= FACTOR_UP_TO;
    // About the rows' own mean, then moved to the features' mean: Zᵀ Z = Z0ᵀ Z0 + n m mᵀ.
    const moved = own.map((x, k) => (x - mean[k]!) / scale[k]!);
    const products = full ? gram(rows, { means: own }) : columnSquares(rows, own);
    const spread = (a: number, b: number) => products[full ? a * d + b : a]! / (scale[a]! * scale[b]!);
    const entry = (a: number, b: number) => {
      if (a === d) return c * rows.rows * (b === d ? 1 : moved[b]!);
      return c * (spread(a, b) + rows.rows * moved[a]! * moved[b]!);
    };
    // The intercept is not penalised; a trifle keeps the bound definite.
    const penalised = (a: number) => entry(a, a) + (a < d ? 1 : 1e-6);
    this.#diagonal = Float64Array.from({ length: size }, (_, a) => penalised(a));
    this.#factor = full ? new Float64Array(size * size) : null;
    if (this.#factor === null) return;
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < a; b++) this.#factor[a * size + b] = entry(a, b);
      this.#factor[a * size + a] = this.#diagonal[a]!;
    }
    choleskyInPlace(this.#factor, size);
  }

  /** Solves in place. */
  solve(b: Float64Array): void {
    if (this.#factor !== null) solveCholesky(this.#factor, this.#size, b);
    else for (let k = 0; k < b.length; k++) b[k]! /= this.#diagonal[k]!;
  }
}

/** Squared deviations of every column, summed. */
function columnSquares({ data, rows, cols }: Matrix, means: Float64Array): Float64Array {
  const sums = new Float64Array(cols);
  for (let i = 0; i < rows; i++) for (let k = 0; k < cols; k++) sums[k]! += (data[i * cols + k]! - means[k]!) ** 2;
  return sums;
}

/** The two-loop recursion of L-BFGS (Nocedal and Wright 2006, algorithm 7.4) over a fixed first guess of the curvature. */
class QuasiNewton {
  readonly #curvature: Curvature;
  readonly #steps: Float64Array[] = [];
  readonly #changes: Float64Array[] = [];
  readonly #weights: number[] = [];
  readonly #size: number;
  #step: Float64Array;

  constructor(size: number, curvature: Curvature) {
    this.#size = size;
    this.#curvature = curvature;
    this.#step = new Float64Array(size);
  }

  moved(step: number, direction: Float64Array): void {
    this.#step = direction.map((x) => step * x);
  }

  remember(gradient: Float64Array, before: Float64Array): void {
    const change = gradient.map((g, k) => g - before[k]!);
    const product = inner(change, this.#step);
    if (!(product > 0)) return;
    this.#steps.push(this.#step);
    this.#changes.push(change);
    this.#weights.push(1 / product);
    if (this.#steps.length > MEMORY) for (const list of [this.#steps, this.#changes, this.#weights]) list.shift();
  }

  direction(gradient: Float64Array, into: Float64Array): void {
    for (let k = 0; k < this.#size; k++) into[k] = -gradient[k]!;
    const alphas: number[] = [];
    for (let s = this.#steps.length - 1; s >= 0; s--) {
      const alpha = this.#weights[s]! * inner(this.#steps[s]!, into);
      alphas[s] = alpha;
      for (let k = 0; k < this.#size; k++) into[k]! -= alpha * this.#changes[s]![k]!;
    }
    this.#curvature.solve(into);
    for (let s = 0; s < this.#steps.length; s++) {
      const beta = this.#weights[s]! * inner(this.#changes[s]!, into);
      for (let k = 0; k < this.#size; k++) into[k]! += (alphas[s]! - beta) * this.#steps[s]![k]!;
    }
  }
}
