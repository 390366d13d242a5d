import type { Stream } from "../../core/stream.ts";
import { Adam } from "./adam.ts";
import { addTransposedTimes, timesTransposed } from "./products.ts";

/**
 * Noise on the logits of one gate while it is trained: logit + e softplus(w [h(x); 1]), e standard normal, drawn anew for each
 * record and step, w learned for each persona or exemplar (noisy top-k gating, Shazeer et al. 2017, eq. 4). w starts at zero: a
 * deviation of ln 2 everywhere. Evaluation and generation go without.
 */
export class LogitNoise {
  /** w, one row of `inputWidth` for each of `count` logits. */
  readonly weights: Float64Array;
  readonly gradient: Float64Array;
  readonly #count: number;
  readonly #inputWidth: number;
  readonly #learningRate: number;
  readonly #normals: Float64Array;
  readonly #raw: Float64Array;
  #adam: Adam;

  /** @param capacity records of a step at most */
  constructor(count: number, inputWidth: number, capacity: number, learningRate: number) {
    this.weights = new Float64Array(count * inputWidth);
    this.gradient = new Float64Array(count * inputWidth);
    this.#count = count;
    this.#inputWidth = inputWidth;
    this.#learningRate = learningRate;
    this.#adam = new Adam(this.weights.length, learningRate);
    this.#normals = new Float64Array(capacity * count);
    this.#raw = new Float64Array(capacity * count);
  }

  draw(rows: number, random: Stream): void {
    for (let t = 0; t < rows * this.#count; t++) this.#normals[t] = random.normal();
  }

  /** Adds the noise drawn last to logits (rows x count). @param hx [h(x); 1] of each row */
  add(hx: Float64Array, rows: number, logits: Float64Array): void {
    timesTransposed(hx, this.weights, { rows, cols: this.#count, inner: this.#inputWidth }, this.#raw);
    for (let t = 0; t < rows * this.#count; t++) logits[t]! += this.#normals[t]! * softplus(this.#raw[t]!);
  }

  /** The gradient in w, from that in the logits (rows x count). Follows `add`, whose raw deviations it uses up. */
  back(hx: Float64Array, rows: number, dLogits: Float64Array): void {
    const size = rows * this.#count;
    for (let t = 0; t < size; t++) this.#raw[t] = (dLogits[t]! * this.#normals[t]!) / (1 + Math.exp(-this.#raw[t]!));
    this.gradient.fill(0);
    addTransposedTimes(this.#raw, hx, { rows: this.#count, cols: this.#inputWidth, inner: rows }, this.gradient);
  }

  step(): void {
    this.#adam.step(this.weights, this.gradient);
  }

  restart(): void {
    this.weights.fill(0);
    this.#adam = new Adam(this.weights.length, this.#learningRate);
  }
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
