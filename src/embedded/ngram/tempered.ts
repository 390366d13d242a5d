import type { Mixture } from "./mixture.ts";

/** A tempered distribution in sparse form: see `#raise`. */
interface Raised {
  readonly unseen: number;
  readonly previous: number;
  readonly count: number;
  readonly total: number;
  readonly others: number;
}

/** The next-token distribution of a mixture at other temperatures, and its nuclei: exact, renormalized over the whole vocabulary. */
export class Tempered {
  readonly #mixture: Mixture;
  /** Powers of the tokens some context has seen, by token; zero between calls. */
  readonly #dense: Float64Array;
  readonly #touched: Int32Array;
  /** By class: the weight, and the number, of tokens no context has seen. */
  readonly #unseen: Float64Array;
  readonly #open: Int32Array;

  constructor(mixture: Mixture) {
    const { vocabulary, base } = mixture.parts;
    this.#mixture = mixture;
    this.#dense = new Float64Array(vocabulary.size);
    this.#touched = new Int32Array(vocabulary.size + 1);
    this.#unseen = new Float64Array(base.classes.count);
    this.#open = new Int32Array(base.classes.count);
  }

  /** p(id)^sharpness over the sum of all tokens' powers. */
  probability(id: number, sharpness: number): number {
    const { unseen, previous, count, others, total } = this.#raise(sharpness);
    const { base } = this.#mixture.parts;
    const power = this.#dense[id]!;
    const wanted = power > 0 ? power : unseen * base.power(base.sharpened(sharpness), previous, id);
    this.#clear(count);
    return wanted / (total + others);
  }

  /** Draws a token; for topP < 1 from the nucleus. `uniform` gives numbers in [0, 1). */
  draw(sharpness: number, topP: number, uniform: () => number): number {
    const raised = this.#raise(sharpness);
    const { count, others, total } = raised;
    const dense = this.#dense;
    const touched = this.#touched;
    let chosen = -1;
    if (topP < 1) chosen = this.#drawNucleus(raised, sharpness, topP, uniform);
    else {
      let left = uniform() * (total + others);
      for (let i = 0; i < count && chosen < 0; i++) {
        left -= dense[touched[i]!]!;
        if (left < 0 || (others === 0 && i === count - 1)) chosen = touched[i]!;
      }
      if (chosen < 0) chosen = this.#drawUnseen(raised, sharpness, uniform);
    }
    this.#clear(count);
    return chosen;
  }

  /** A token no context has seen: a class by what its unseen members weigh, then a member, again where it was a seen one. */
  #drawUnseen(raised: Raised, sharpness: number, uniform: () => number): number {
    const { base } = this.#mixture.parts;
    const sharpened = base.sharpened(sharpness);
    let left = uniform() * raised.others;
    let chosen = -1;
    for (let c = 0; c < base.classes.count; c++) {
      if (this.#unseen[c] === 0) continue;
      chosen = c;
      left -= this.#unseen[c]!;
      if (left < 0) break;
    }
    for (;;) {
      const token = base.drawWithin(sharpened, chosen, uniform());
      if (this.#dense[token] === 0) return token;
    }
  }

  /**
   * Fills `dense` with (p / max p)^sharpness of the tokens some context has seen; the others have `unseen` times their power
   * in the base. `total` and `others` are the two sums. Relative to the largest, so that no temperature underflows.
   */
  #raise(sharpness: number): Raised {
    const { base } = this.#mixture.parts;
    const dense = this.#dense;
    const touched = this.#touched;
    const { count, factor, previous } = this.#mixture.expand(dense, touched);
    const unseenTop = factor * base.top(previous);
    let most = unseenTop;
    for (let i = 0; i < count; i++) if (dense[touched[i]!]! > most) most = dense[touched[i]!]!;
    const sharpened = base.sharpened(sharpness);
    const { of, count: classes } = base.classes;
    // What each class holds beyond the tokens seen; a class all of whose members were seen holds nothing.
    const open = this.#open;
    open.set(base.sizes);
    this.#unseen.set(sharpened.totals);
    const scale = 1 / most;
    let total = 0;
    for (let i = 0; i < count; i++) {
      const token = touched[i]!;
      // A power that underflows stays above zero: zero means "seen by no context".
      const power = Math.max(Number.MIN_VALUE, (dense[token]! * scale) ** sharpness);
      dense[token] = power;
      total += power;
      this.#unseen[of[token]!]! -= sharpened.within[token]!;
      open[of[token]!]!--;
    }
    const unseen = (unseenTop * scale) ** sharpness;
    const row = of[previous]! * classes;
    let others = 0;
    for (let c = 0; c < classes; c++) {
      const held = open[c] === 0 ? 0 : unseen * sharpened.rows[row + c]! * Math.max(0, this.#unseen[c]!);
      this.#unseen[c] = held;
      others += held;
    }
    return { unseen, previous, count, total, others };
  }

  #clear(count: number): void {
    for (let i = 0; i < count; i++) this.#dense[this.#touched[i]!] = 0;
  }

  /** Draws from the smallest set of likeliest tokens whose share of the whole reaches topP. */
  #drawNucleus(raised: Raised, sharpness: number, topP: number, uniform: () => number): number {
    const { unseen, previous, count, total, others } = raised;
    const { base } = this.#mixture.parts;
    const sharpened = base.sharpened(sharpness);
    const dense = this.#dense;
    const weights: [number, number][] = [];
    for (let i = 0; i < count; i++) weights.push([this.#touched[i]!, dense[this.#touched[i]!]!]);
    for (let token = 0; token < dense.length; token++) {
      if (dense[token] === 0) weights.push([token, unseen * base.power(sharpened, previous, token)]);
    }
    weights.sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    let mass = 0;
    let size = 0;
    while (size < weights.length && mass < topP * (total + others)) mass += weights[size++]![1];
    let left = uniform() * mass;
    for (let i = 0; i < size; i++) {
      left -= weights[i]![1];
      if (left < 0) return weights[i]![0];
    }
    return weights[Math.max(0, size - 1)]![0];
  }
}
