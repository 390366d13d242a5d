import type { BaseDistribution } from "./base-distribution.ts";
import type { ExemplarCache } from "./exemplar-cache.ts";
import type { LengthHazard } from "./length-hazard.ts";
import type { NgramTable } from "./ngram-table.ts";
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
  readonly order: number;
  readonly vocabulary: Vocabulary;
  readonly base: BaseDistribution;
  readonly hazard: LengthHazard;
  readonly settings: MixtureSettings;
}

/** One component: an expert (or none) over a backbone, with the prompt's weight for it. */
export interface Component {
  readonly expert: NgramTable | null;
  readonly backbone: NgramTable;
  readonly weight: number;
  /** Bit of the expert in the marks of its backbone. */
  readonly bit: number;
  /** Backs off to the first component instead of the base; never the first itself. */
  readonly overFirst?: boolean;
}

/** What the prompt asks of the mixture: 1 to MAX_COMPONENTS of them. Weights are positive and sum to one; neighbours should share backbones. */
export interface Conditioning {
  readonly components: readonly Component[];
  readonly cache: ExemplarCache | null;
}

export const MAX_COMPONENTS = 12;

/** Bit of a narrower backbone in the marks of the first, which has read all that the others read. */
export const BACKBONE_BIT = 31;

/**
 * The next-token distribution along one text: components with fixed-share weights, the exemplars' overlays, then the hazard of
 * the end. One object serves one text at a time; `begin` starts the next. Allocates nothing per token.
 *
 * Component: for context lengths k = 1, 2, ... `p_k = seen_e + rest_e * (seen_b + rest_b * p_(k-1))`, e the expert, b the
 * backbone, p_0 the base (or the first component's p). Weights follow Herbster and Warmuth's fixed share (1998): after token w,
 * `weight <- (1 - share) * weight * p(w) / sum + share * the prompt's weight`.
 */
export class Mixture {
  readonly parts: MixtureParts;
  readonly #stride: number;
  #count = 0;
  #experts: (NgramTable | null)[] = [];
  #prior = new Float64Array(MAX_COMPONENTS);
  readonly #weights = new Float64Array(MAX_COMPONENTS);
  readonly #p = new Float64Array(MAX_COMPONENTS);
  /** Backbones without repeats, and which one each component stands on. */
  #backbones: NgramTable[] = [];
  readonly #on = new Int32Array(MAX_COMPONENTS);
  readonly #overFirst = new Uint8Array(MAX_COMPONENTS);
  readonly #masks = new Int32Array(MAX_COMPONENTS);
  /** Context nodes by length, and the nodes found for the token looked at last. */
  readonly #expertContexts: Int32Array;
  readonly #expertFound: Int32Array;
  readonly #backboneContexts: Int32Array;
  readonly #backboneFound: Int32Array;
  readonly #backboneSeen: Float64Array;
  readonly #backboneRest: Float64Array;
  readonly #backboneNext: Float64Array;
  readonly #backboneLeft: Float64Array;
  /** Which parts have the n-gram found; 0 where none was. */
  readonly #marks: Int32Array;
  readonly #expertRest: Float64Array;
  readonly #expertNext: Float64Array;
  #cache: ExemplarCache | null = null;
  #cacheCount = 0;
  #cacheOffers = false;
  #previous = END;
  #tail = 0;
  #position = 0;
  #end = 0;

  constructor(parts: MixtureParts) {
    this.parts = parts;
    this.#stride = parts.order;
    const room = MAX_COMPONENTS * this.#stride;
    this.#expertContexts = new Int32Array(room);
    this.#expertFound = new Int32Array(room);
    this.#backboneContexts = new Int32Array(room);
    this.#backboneFound = new Int32Array(room);
    this.#backboneSeen = new Float64Array(room);
    this.#backboneRest = new Float64Array(room);
    this.#backboneNext = new Float64Array(room);
    this.#backboneLeft = new Float64Array(room);
    this.#marks = new Int32Array(room);
    this.#expertRest = new Float64Array(room);
    this.#expertNext = new Float64Array(room);
  }

  /** Stands before the first token of a new text. */
  begin(conditioning: Conditioning): void {
    const { components, cache } = conditioning;
    this.#count = components.length;
    this.#experts = [];
    this.#backbones = [];
    for (let e = 0; e < components.length; e++) {
      const { expert, backbone, weight, bit, overFirst } = components[e]!;
      this.#masks[e] = 1 << bit;
      this.#overFirst[e] = overFirst === true ? 1 : 0;
      this.#experts.push(expert);
      this.#prior[e] = weight;
      this.#weights[e] = weight;
      let on = this.#backbones.indexOf(backbone);
      if (on < 0) on = this.#backbones.push(backbone) - 1;
      this.#on[e] = on;
    }
    this.#expertContexts.fill(-1);
    this.#backboneContexts.fill(-1);
    this.#backboneRest.fill(1);
    this.#remember(END);
    this.#cache = cache;
    this.#position = 0;
    this.#stand(END);
  }

  /** Number of tokens before the one to come. */
  get position(): number {
    return this.#position;
  }

  /** p(token | prompt, text so far). For an escape, the mass of all it may spell. */
  probability(token: number): number {
    if (this.#end >= 0) {
      // An end can come here: the hazard sets its probability and the rest keep their proportions.
      const p = this.#overlaid(token);
      if (token === END) return this.#end;
      return p * this.#keep;
    }
    return this.#overlaid(token);
  }

  #keep = 1;

  /** Goes past a token whose `probability` was the last one asked for. */
  accept(token: number): void {
    let total = 0;
    const { share } = this.parts.settings;
    for (let e = 0; e < this.#count; e++) {
      this.#weights[e]! *= this.#p[e]!;
      total += this.#weights[e]!;
    }
    const scale = (1 - share) / total;
    for (let e = 0; e < this.#count; e++) this.#weights[e] = this.#weights[e]! * scale + share * this.#prior[e]!;
    const stride = this.#stride;
    for (let e = 0; e < this.#count; e++) {
      if (this.#experts[e] === null) continue;
      for (let at = e * stride + stride - 1; at > e * stride + 1; at--) {
        this.#expertContexts[at] = this.#expertFound[at - 1]!;
        this.#expertRest[at] = this.#expertNext[at - 1]!;
      }
    }
    for (let b = 0; b < this.#backbones.length; b++) {
      for (let at = b * stride + stride - 1; at > b * stride + 1; at--) {
        const node = this.#backboneFound[at - 1]!;
        this.#backboneContexts[at] = node;
        this.#backboneRest[at] = node < 0 ? 1 : this.#backboneNext[at - 1]!;
      }
    }
    this.#remember(token);
    this.#position++;
    this.#stand(token);
  }

  /** Draws a token; `accept` may follow only after `probability` of it. `uniform` gives numbers in [0, 1). */
  draw(uniform: () => number): number {
    if (this.#end >= 0) {
      if (uniform() < this.#end) return END;
      for (;;) {
        const token = this.#drawOverlaid(uniform);
        if (token !== END) return token;
      }
    }
    return this.#drawOverlaid(uniform);
  }

  /**
   * The whole distribution in sparse form: `dense` gets the probability of every token some context has seen (listed in
   * `touched`, each once); every other token w has `factor * base(w | tail)`. `dense` must come in, and is to be left, zero.
   */
  expand(dense: Float64Array, touched: Int32Array): { count: number; factor: number; tail: number } {
    const stride = this.#stride;
    let count = 0;
    const add = (token: number, p: number) => {
      if (dense[token] === 0) touched[count++] = token;
      dense[token]! += p;
    };
    const addTable = (table: NgramTable, context: number, weight: number) => {
      const { first, symbol, seen } = table;
      const end = first[context + 1]!;
      for (let node = first[context]!; node < end; node++) {
        const token = symbol[node]!;
        const before = dense[token]!;
        if (before === 0) touched[count++] = token;
        dense[token] = before + weight * seen[node]!;
      }
    };
    const cache = this.#cache;
    const { beta, eta } = this.parts.settings;
    const kept = this.#cacheOffers ? 1 - eta : 1;
    const mixed = (kept * beta) / (this.#cacheCount + beta);
    let factor = 0;
    const backboneWeights = this.#backboneLeft.fill(0);
    let toFirst = 0;
    for (let e = this.#count - 1; e >= 0; e--) {
      let left = mixed * this.#weights[e]! + (e === 0 ? toFirst : 0);
      const expert = this.#experts[e]!;
      const on = this.#on[e]!;
      for (let k = stride - 1; k >= 1; k--) {
        const context = expert === null ? -1 : this.#expertContexts[e * stride + k]!;
        if (context >= 0) {
          addTable(expert!, context, left);
          left *= this.#expertRest[e * stride + k]!;
        }
        const wide = this.#backboneContexts[on * stride + k]!;
        if (wide >= 0) {
          backboneWeights[on * stride + k]! += left;
          left *= this.#backboneRest[on * stride + k]!;
        }
      }
      if (this.#overFirst[e] === 1) toFirst += left;
      else factor += left;
    }
    for (let b = 0; b < this.#backbones.length; b++) {
      for (let k = 1; k < stride; k++) {
        const weight = backboneWeights[b * stride + k]!;
        if (weight > 0) addTable(this.#backbones[b]!, this.#backboneContexts[b * stride + k]!, weight);
      }
    }
    if (cache !== null) {
      if (this.#cacheCount > 0) {
        const unit = kept / (this.#cacheCount + beta);
        cache.forEachSuccessor(this.#previous, (token, n) => add(token, unit * n));
      }
      if (this.#cacheOffers) cache.forEachUnigram(this.#tail, (token, p) => add(token, eta * p));
    }
    const { base } = this.parts;
    for (let i = 0; i < count; i++) dense[touched[i]!]! += factor * base.probability(this.#tail, touched[i]!);
    if (this.#end >= 0) {
      if (dense[END] === 0) touched[count++] = END;
      for (let i = 0; i < count; i++) dense[touched[i]!]! *= this.#keep;
      factor *= this.#keep;
      dense[END] = this.#end;
    }
    return { count, factor, tail: this.#tail };
  }

  /** Puts the single token at the head of every chain. */
  #remember(token: number): void {
    for (let e = 0; e < this.#count; e++) {
      const expert = this.#experts[e]!;
      if (expert === null) continue;
      this.#expertContexts[e * this.#stride + 1] = token;
      this.#expertRest[e * this.#stride + 1] = expert.rest[token]!;
    }
    for (let b = 0; b < this.#backbones.length; b++) {
      this.#backboneContexts[b * this.#stride + 1] = token;
      this.#backboneRest[b * this.#stride + 1] = this.#backbones[b]!.rest[token]!;
    }
  }

  #stand(previous: number): void {
    const { vocabulary, hazard } = this.parts;
    this.#previous = previous;
    this.#tail = previous === END ? 0 : vocabulary.tails[previous]!;
    this.#cacheCount = this.#cache === null ? 0 : this.#cache.countOf(previous);
    this.#cacheOffers = this.#cache?.offers(this.#tail) ?? false;
    this.#end = -1;
    this.#keep = 1;
    if (hazard.appliesAfter(previous)) {
      const plain = this.#overlaid(END);
      this.#end = hazard.adjust(plain, this.#position);
      this.#keep = (1 - this.#end) / (1 - plain);
    }
  }

  /** The mixture with the exemplars' overlays; leaves each component's p and the nodes found. */
  #overlaid(token: number): number {
    const p = this.#mixed(token);
    const cache = this.#cache;
    if (cache === null) return p;
    const { beta, eta } = this.parts.settings;
    const followed =
      this.#cacheCount === 0 ? p : (cache.countOfPair(this.#previous, token) + beta * p) / (this.#cacheCount + beta);
    return this.#cacheOffers ? (1 - eta) * followed + eta * cache.unigram(this.#tail, token) : followed;
  }

  #mixed(token: number): number {
    const stride = this.#stride;
    const base = this.parts.base.probability(this.#tail, token);
    for (let b = 0; b < this.#backbones.length; b++) {
      const table = this.#backbones[b]!;
      const { ints, floats } = table;
      const top = b * stride + table.order;
      for (let at = b * stride + 1; at < top; at++) {
        const context = this.#backboneContexts[at]!;
        let node = -1;
        let seen = 0;
        let marks = 0;
        const possible = b === 0 || (this.#marks[at - b * stride]! & (1 << BACKBONE_BIT)) !== 0;
        if (context >= 0 && possible) {
          const slot = table.slot(context, token);
          if (slot >= 0) {
            node = ints[slot * 8 + 2]!;
            marks = ints[slot * 8 + 3]!;
            seen = floats[slot * 4 + 2]!;
            this.#backboneNext[at] = floats[slot * 4 + 3]!;
          }
        }
        this.#backboneFound[at] = node;
        this.#backboneSeen[at] = seen;
        this.#marks[at] = marks;
      }
    }
    let sum = 0;
    for (let e = 0; e < this.#count; e++) {
      const expert = this.#experts[e]!;
      const at = e * stride;
      const wide = this.#on[e]! * stride;
      const depth = this.#backbones[this.#on[e]!]!.order;
      let p = this.#overFirst[e] === 1 ? this.#p[0]! : base;
      for (let k = 1; k < depth; k++) {
        p = this.#backboneSeen[wide + k]! + this.#backboneRest[wide + k]! * p;
        if (expert === null) continue;
        const context = this.#expertContexts[at + k]!;
        let node = -1;
        if (context >= 0) {
          p *= this.#expertRest[at + k]!;
          const slot = (this.#marks[wide + k]! & this.#masks[e]!) === 0 ? -1 : expert.slot(context, token);
          if (slot >= 0) {
            node = expert.ints[slot * 8 + 2]!;
            p += expert.floats[slot * 4 + 2]!;
            this.#expertNext[at + k] = expert.floats[slot * 4 + 3]!;
          }
        }
        this.#expertFound[at + k] = node;
      }
      this.#p[e] = p;
      sum += this.#weights[e]! * p;
    }
    return sum;
  }

  #drawOverlaid(uniform: () => number): number {
    const cache = this.#cache;
    if (cache !== null) {
      const { beta, eta } = this.parts.settings;
      if (this.#cacheOffers && uniform() < eta) return cache.drawUnigram(this.#tail, uniform());
      const point = this.#cacheCount === 0 ? 0 : uniform() * (this.#cacheCount + beta);
      if (this.#cacheCount > 0 && point < this.#cacheCount) return cache.drawSuccessor(this.#previous, point);
    }
    let e = 0;
    for (let left = uniform() - this.#weights[0]!; left >= 0 && e < this.#count - 1; left -= this.#weights[e]!) e++;
    const token = this.#drawFrom(e, uniform);
    if (token >= 0) return token;
    const second = this.#overFirst[e] === 1 ? this.#drawFrom(0, uniform) : -1;
    return second >= 0 ? second : this.parts.base.draw(this.#tail, uniform());
  }

  /** A token some context of the component has seen, or -1: its chain has come to the bottom. */
  #drawFrom(e: number, uniform: () => number): number {
    const stride = this.#stride;
    const expert = this.#experts[e]!;
    const backbone = this.#backbones[this.#on[e]!]!;
    for (let k = backbone.order - 1; k >= 1; k--) {
      if (expert !== null) {
        const context = this.#expertContexts[e * stride + k]!;
        if (context >= 0) {
          const point = uniform();
          if (point < 1 - this.#expertRest[e * stride + k]!) return expert.symbol[expert.drawChild(context, point)]!;
        }
      }
      const at = this.#on[e]! * stride + k;
      const context = this.#backboneContexts[at]!;
      if (context >= 0) {
        const point = uniform();
        if (point < 1 - this.#backboneRest[at]!) return backbone.symbol[backbone.drawChild(context, point)]!;
      }
    }
    return -1;
  }
}
