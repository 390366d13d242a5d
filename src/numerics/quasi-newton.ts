/** Pairs of steps and gradients that are remembered. */
const MEMORY = 12;

/** A first guess of the curvature. */
export interface CurvatureGuess {
  /** Solves with it, in place of b. */
  solve(b: Float64Array): void;
}

/** The two-loop recursion of L-BFGS (Nocedal and Wright 2006, algorithm 7.4) over a fixed first guess of the curvature. */
export class QuasiNewton {
  readonly #curvature: CurvatureGuess;
  readonly #steps: Float64Array[] = [];
  readonly #changes: Float64Array[] = [];
  readonly #weights: number[] = [];
  readonly #size: number;
  #step: Float64Array;

  constructor(size: number, curvature: CurvatureGuess) {
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

/** a . b */
export function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}
