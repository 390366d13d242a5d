import type { ExemplarCache } from "./exemplar-cache.ts";

/**
 * Lays what the exemplars say (see ExemplarCache) over another distribution, along one text. Two overlays, each exactly
 * normalized: `p' = (count(v, w) + beta * p) / (count(v) + beta)` after the token v, then, where u has a word to offer,
 * `p'' = (1 - eta) p' + eta * u(w | tail)`.
 */
export class ExemplarOverlay {
  readonly #beta: number;
  readonly #eta: number;
  #cache: ExemplarCache | null = null;
  #row = -1;
  /** The token searched for last, and its row: what is asked for is often what comes next. */
  #sought = -1;
  #soughtRow = -1;
  #count = 0;
  #tail = 0;
  /** eta where u has a word to offer here, else 0. */
  #unigrams = 0;

  constructor(beta: number, eta: number) {
    this.#beta = beta;
    this.#eta = eta;
  }

  begin(cache: ExemplarCache | null): void {
    this.#cache = cache;
    this.#sought = -1;
  }

  /** Stands after a token, which has this tail. */
  stand(previous: number, tail: number): void {
    const cache = this.#cache;
    if (cache === null) return;
    this.#row = this.#rowOf(previous);
    this.#count = cache.countOf(this.#row);
    this.#tail = tail;
    this.#unigrams = cache.offers(tail) ? this.#eta : 0;
  }

  /** p'' of a token from its p. */
  over(token: number, p: number): number {
    const cache = this.#cache;
    if (cache === null) return p;
    const beta = this.#beta;
    const count = this.#count;
    const followed = count === 0 ? p : (cache.countOfPair(this.#row, token) + beta * p) / (count + beta);
    const eta = this.#unigrams;
    return eta === 0 ? followed : (1 - eta) * followed + eta * cache.unigram(this.#tail, this.#rowOf(token));
  }

  /** What p'' leaves to p: its weight in the sum. */
  get left(): number {
    if (this.#cache === null) return 1;
    return ((1 - this.#unigrams) * this.#beta) / (this.#count + this.#beta);
  }

  /** A token of the exemplars, or -1 where p is to be drawn from. `uniform` gives numbers in [0, 1). */
  draw(uniform: () => number): number {
    const cache = this.#cache;
    if (cache === null) return -1;
    const eta = this.#unigrams;
    if (eta > 0 && uniform() < eta) return cache.drawUnigram(this.#tail, uniform());
    if (this.#count === 0) return -1;
    const point = uniform() * (this.#count + this.#beta);
    return point < this.#count ? cache.drawSuccessor(this.#row, point) : -1;
  }

  /** Adds the exemplars' own part to `dense`; lists in `touched`, from `count` on, the tokens that stood at zero. Returns the new count. */
  spread(dense: Float64Array, touched: Int32Array, count: number): number {
    const cache = this.#cache;
    if (cache === null) return count;
    let listed = count;
    const add = (token: number, p: number) => {
      if (dense[token] === 0) touched[listed++] = token;
      dense[token]! += p;
    };
    const eta = this.#unigrams;
    cache.forEachSuccessor(this.#row, (token, n) => add(token, ((1 - eta) * n) / (this.#count + this.#beta)));
    if (eta > 0) cache.forEachUnigram(this.#tail, (token, p) => add(token, eta * p));
    return listed;
  }

  #rowOf(token: number): number {
    if (token !== this.#sought) {
      this.#sought = token;
      this.#soughtRow = this.#cache!.row(token);
    }
    return this.#soughtRow;
  }
}
