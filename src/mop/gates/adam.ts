/** Adam (Kingma and Ba 2015, algorithm 1) over one flat array, in place. */
export class Adam {
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  readonly #rate: number;
  #step = 0;

  constructor(size: number, learningRate: number) {
    this.#first = new Float64Array(size);
    this.#second = new Float64Array(size);
    this.#rate = learningRate;
  }

  step(values: Float64Array, gradient: Float64Array): void {
    this.#step++;
    const [b1, b2] = [0.9, 0.999];
    const rate = (this.#rate * Math.sqrt(1 - b2 ** this.#step)) / (1 - b1 ** this.#step);
    for (let i = 0; i < values.length; i++) {
      const g = gradient[i]!;
      this.#first[i] = b1 * this.#first[i]! + (1 - b1) * g;
      this.#second[i] = b2 * this.#second[i]! + (1 - b2) * g * g;
      values[i]! -= (rate * this.#first[i]!) / (Math.sqrt(this.#second[i]!) + 1e-8);
    }
  }
}
