/** Values closer than this share of the largest are a group, whose vectors are made orthogonal to each other. */
const CLOSE = 1e-6;
/** Solutions of (T - value) y = x by which unit x are known to be eigenvectors to rounding. */
const GROWTH = 1e10;
const TRIES = 8;

/**
 * Unit eigenvectors of a symmetric tridiagonal matrix (diagonal `d`, off-diagonal `e` with e[i] between i and i + 1) for its
 * leading eigenvalues, one a row: inverse iteration from a fixed start (Golub and Van Loan, Matrix Computations, 8.4.2; LAPACK's
 * dstein). Orthogonal to about 1e-10: rounding over the closest gap that is no group.
 *
 * @param values in falling order, accurate to rounding.
 * @throws RangeError when one does not converge, as for numbers that are no eigenvalues.
 */
export function tridiagonalVectors(d: Float64Array, e: Float64Array, values: Float64Array): Float64Array {
  const n = d.length;
  const vectors = new Float64Array(values.length * n);
  const norm = Math.max(largest(d), largest(e)) || 1;
  const shifted = new ShiftedTridiagonal(
    d.map((x) => x / norm),
    e.map((x) => x / norm),
  );
  let group = 0;
  for (let k = 0; k < values.length; k++) {
    if (k > 0 && values[k - 1]! - values[k]! > CLOSE * norm) group = k;
    const x = vectors.subarray(k * n, (k + 1) * n);
    // Multiples of an irrational number: no eigenvector is likely to be orthogonal to them.
    for (let i = 0; i < n; i++) x[i] = (((k + 1) * (i + 1) * 0.7548776662466927) % 1) - 0.5;
    shifted.factor(values[k]! / norm);
    let grown = false;
    for (let tries = 0; ; tries++) {
      if (tries === TRIES) throw new RangeError("An eigenvector did not converge.");
      shifted.solve(x);
      for (let other = group; other < k; other++) removeFrom(x, vectors.subarray(other * n, (other + 1) * n));
      const length = normalize(x);
      if (grown) break; // once more after it has converged, for the last digits
      grown = length > GROWTH;
    }
  }
  return vectors;
}

function largest(x: Float64Array): number {
  return x.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function removeFrom(x: Float64Array, unit: Float64Array): void {
  let dot = 0;
  for (let i = 0; i < x.length; i++) dot += x[i]! * unit[i]!;
  for (let i = 0; i < x.length; i++) x[i]! -= dot * unit[i]!;
}

/** Scales to unit length; returns the length it had. Squares of the ratios to the greatest entry cannot overflow. */
function normalize(x: Float64Array): number {
  const most = largest(x);
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i]! / most) ** 2;
  const length = most * Math.sqrt(sum);
  for (let i = 0; i < x.length; i++) x[i]! /= length;
  return length;
}

/** L U factors, with row exchanges, of a tridiagonal matrix less a multiple of the identity. */
class ShiftedTridiagonal {
  readonly #d: Float64Array;
  readonly #e: Float64Array;
  /** U: its diagonal (inverted) and the two above; L: the multipliers, and whether rows i and i + 1 were exchanged. */
  readonly #inverse: Float64Array;
  readonly #above: Float64Array;
  readonly #second: Float64Array;
  readonly #multipliers: Float64Array;
  readonly #exchanged: Uint8Array;

  /** @param d diagonal and @param e off-diagonal, no number greater than 1. */
  constructor(d: Float64Array, e: Float64Array) {
    this.#d = d;
    this.#e = e;
    this.#inverse = new Float64Array(d.length);
    this.#above = new Float64Array(d.length);
    this.#second = new Float64Array(d.length);
    this.#multipliers = new Float64Array(d.length);
    this.#exchanged = new Uint8Array(d.length);
  }

  factor(value: number): void {
    const n = this.#d.length;
    let pivot = this.#d[0]! - value;
    let above = n > 1 ? this.#e[0]! : 0;
    for (let i = 0; i < n - 1; i++) {
      const below = this.#e[i]!;
      const next = this.#d[i + 1]! - value;
      const nextAbove = i + 2 < n ? this.#e[i + 1]! : 0;
      const exchange = Math.abs(below) > Math.abs(pivot);
      this.#exchanged[i] = exchange ? 1 : 0;
      if (exchange) {
        const multiplier = pivot / below;
        this.#set(i, below, next, nextAbove, multiplier);
        pivot = above - multiplier * next;
        above = -multiplier * nextAbove;
      } else {
        const divisor = nonZero(pivot);
        const multiplier = below / divisor;
        this.#set(i, divisor, above, 0, multiplier);
        pivot = next - multiplier * above;
        above = nextAbove;
      }
    }
    this.#set(n - 1, nonZero(pivot), 0, 0, 0);
  }

  #set(i: number, pivot: number, above: number, second: number, multiplier: number): void {
    this.#inverse[i] = 1 / pivot;
    this.#above[i] = above;
    this.#second[i] = second;
    this.#multipliers[i] = multiplier;
  }

  /** Solves in place. */
  solve(x: Float64Array): void {
    const n = x.length;
    for (let i = 0; i < n - 1; i++) {
      const [kept, moved] = this.#exchanged[i] === 1 ? [x[i + 1]!, x[i]!] : [x[i]!, x[i + 1]!];
      x[i] = kept;
      x[i + 1] = moved - this.#multipliers[i]! * kept;
    }
    let after = 0;
    let second = 0;
    for (let i = n - 1; i >= 0; i--) {
      const value = (x[i]! - this.#above[i]! * after - this.#second[i]! * second) * this.#inverse[i]!;
      x[i] = value;
      second = after;
      after = value;
    }
  }
}

/** A pivot of rounding size in place of zero: the matrix is singular by design. */
function nonZero(pivot: number): number {
  return Math.abs(pivot) < Number.EPSILON ? Number.EPSILON : pivot;
}
