import type { BaseDistribution } from "./base-distribution.ts";
import { Components } from "./components.ts";
import type { Conditioning } from "./conditioning.ts";
import { ExemplarOverlay } from "./exemplar-overlay.ts";
import type { ExpertTables } from "./expert-tables.ts";
import type { LengthHazard } from "./length-hazard.ts";
import { END, type Vocabulary } from "./vocabulary.ts";

/** How far a model listens; the defaults of settings.ts. */
export interface MixtureSettings {
  /** Share of the weights that returns to the prompt's own after every token. */
  readonly share: number;
  /** Pseudo-count of the mixture against the exemplars' successors. */
  readonly beta: number;
  /** Weight of the exemplars' words. */
  readonly eta: number;
}

/** What is fixed once a model is trained. */
export interface MixtureParts {
  readonly tables: ExpertTables;
  readonly vocabulary: Vocabulary;
  readonly base: BaseDistribution;
  readonly hazard: LengthHazard;
  readonly settings: MixtureSettings;
}

/** A next-token distribution in sparse form: see `Mixture.expand`. */
export interface Expansion {
  readonly count: number;
  readonly factor: number;
  /** The token before. */
  readonly previous: number;
}

/**
 * The next-token distribution along one text: the components, what the exemplars lay over them, then the hazard of the end. One
 * object serves one text at a time; `begin` starts the next.
 */
export class Mixture {
  readonly parts: MixtureParts;
  readonly #components: Components;
  readonly #exemplars: ExemplarOverlay;
  #previous = END;
  #position = 0;
  /** p of the end where one can come here, else -1; and the factor that makes room for it among the others. */
  #end = -1;
  #keep = 1;

  constructor(parts: MixtureParts) {
    const { tables, base, settings } = parts;
    this.parts = parts;
    this.#components = new Components(tables, base, settings.share);
    this.#exemplars = new ExemplarOverlay(settings.beta, settings.eta);
  }

  /** Stands before the first token of a new text. */
  begin(conditioning: Conditioning): void {
    this.#components.begin(conditioning);
    this.#exemplars.begin(conditioning.cache);
    this.#position = 0;
    this.#stand(END);
  }

  /** p(token | prompt, text so far). For an escape, the mass of all it may spell. */
  probability(token: number): number {
    const p = this.#overlaid(token);
    if (this.#end < 0) return p;
    return token === END ? this.#end : p * this.#keep;
  }

  /** Goes past a token whose `probability` was the last one asked for. */
  accept(token: number): void {
    this.#components.accept(token);
    this.#position++;
    this.#stand(token);
  }

  /** Draws a token; `accept` may follow only after `probability` of it. `uniform` gives numbers in [0, 1). */
  draw(uniform: () => number): number {
    if (this.#end < 0) return this.#drawOverlaid(uniform);
    if (uniform() < this.#end) return END;
    for (;;) {
      const token = this.#drawOverlaid(uniform);
      if (token !== END) return token;
    }
  }

  /**
   * The whole distribution in sparse form: `dense` gets the probability of every token some context has seen (`count` of them,
   * listed in `touched`, each once); every other token w has `factor * base(w | previous)`. `dense` must come in zero, and the caller
   * clears it.
   */
  expand(dense: Float64Array, touched: Int32Array): Expansion {
    const spread = this.#components.spread(this.#exemplars.left, dense, touched);
    let count = this.#exemplars.spread(dense, touched, spread.count);
    let factor = spread.toBase;
    const { base } = this.parts;
    for (let i = 0; i < count; i++) dense[touched[i]!]! += factor * base.probability(this.#previous, touched[i]!);
    if (this.#end >= 0) {
      if (dense[END] === 0) touched[count++] = END;
      for (let i = 0; i < count; i++) dense[touched[i]!]! *= this.#keep;
      factor *= this.#keep;
      dense[END] = this.#end;
    }
    return { count, factor, previous: this.#previous };
  }

  #stand(previous: number): void {
    const { vocabulary, hazard } = this.parts;
    this.#previous = previous;
    this.#exemplars.stand(previous, vocabulary.tails[previous]!);
    this.#end = -1;
    this.#keep = 1;
    if (!hazard.appliesAfter(previous)) return;
    const plain = this.#overlaid(END);
    this.#end = hazard.adjust(plain, this.#position);
    this.#keep = (1 - this.#end) / (1 - plain);
  }

  #overlaid(token: number): number {
    return this.#exemplars.over(token, this.#components.probability(token));
  }

  #drawOverlaid(uniform: () => number): number {
    const token = this.#exemplars.draw(uniform);
    return token >= 0 ? token : this.#components.draw(uniform);
  }
}
