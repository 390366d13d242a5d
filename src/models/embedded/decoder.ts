import type { Decoding, Finish } from "../../core/sample.ts";
import type { Conditioning } from "./conditioning.ts";
import { Lru } from "./lru.ts";
import { Mixture, type MixtureParts } from "./mixture.ts";
import type { Speller } from "./speller.ts";
import { tokenize } from "./tokenizer.ts";
import { END, ESCAPES, escapeOf, type Vocabulary } from "./vocabulary.ts";

/** A text as the model reads it: token ids ending in END, and what each escape spells, in order. */
export interface Encoded {
  readonly ids: Int32Array;
  readonly spelled: readonly string[];
}

/** A text drawn, with what it cost. */
export interface Drawn {
  readonly text: string;
  /** Tokens drawn: vocabulary tokens, escapes and spelled symbols; the end is not counted. */
  readonly tokens: number;
  readonly finish: Finish;
}

export function encode(text: string, vocabulary: Vocabulary): Encoded {
  const tokens = tokenize(text);
  const ids = new Int32Array(tokens.length + 1);
  const spelled: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const id = vocabulary.idOf(tokens[i]!);
    if (id === undefined) {
      const escapeId = escapeOf(tokens[i]!);
      spelled.push(tokens[i]!.slice(ESCAPES[escapeId - 1]!.prefix.length));
      ids[i] = escapeId;
    } else ids[i] = id;
  }
  ids[tokens.length] = END;
  return { ids, spelled };
}

/** Scores and draws texts, one at a time. Synchronous; keeps nothing from one text to the next but scratch memory. */
export class Decoder {
  readonly #mixture: Mixture;
  readonly #speller: Speller;
  readonly #vocabulary: Vocabulary;
  readonly #dense: Float64Array;
  readonly #touched: Int32Array;
  /** By class: the weight, and the number, of tokens no context has seen. */
  readonly #unseen: Float64Array;
  readonly #open: Int32Array;
  /** Log-probabilities of what escapes spelled at temperature 1: they do not depend on the prompt. */
  readonly #spellings = new Lru<string, readonly number[]>(20_000);

  constructor(parts: MixtureParts, speller: Speller) {
    this.#mixture = new Mixture(parts);
    this.#speller = speller;
    this.#vocabulary = parts.vocabulary;
    this.#dense = new Float64Array(parts.vocabulary.size);
    this.#touched = new Int32Array(parts.vocabulary.size + 1);
    this.#unseen = new Float64Array(parts.base.classes.count);
    this.#open = new Int32Array(parts.base.classes.count);
  }

  /** log p of every token, the symbols of spelled words and the end included. `sharpness` is 1 / temperature. */
  score(conditioning: Conditioning, text: Encoded, sharpness: number): number[] {
    const mixture = this.#mixture;
    const out: number[] = [];
    let escapes = 0;
    mixture.begin(conditioning);
    for (const id of text.ids) {
      if (sharpness === 1) out.push(Math.log(mixture.probability(id)));
      else {
        out.push(Math.log(this.#sharpened(id, sharpness)));
        mixture.probability(id);
      }
      if (this.#vocabulary.isEscape(id)) {
        for (const value of this.#spelling(id, text.spelled[escapes++]!, sharpness)) out.push(value);
      }
      if (id !== END) mixture.accept(id);
    }
    return out;
  }

  /** Draws a text of at most `maxTokens` tokens. `uniform` gives numbers in [0, 1). */
  draw(conditioning: Conditioning, decoding: Decoding, uniform: () => number): Drawn {
    const { temperature, topP, maxTokens } = decoding;
    const sharpness = 1 / temperature;
    const mixture = this.#mixture;
    let text = "";
    let tokens = 0;
    mixture.begin(conditioning);
    while (tokens < maxTokens) {
      const id = sharpness === 1 && topP >= 1 ? mixture.draw(uniform) : this.#drawSharpened(sharpness, topP, uniform);
      if (id === END) return { text, tokens, finish: "stop" };
      text += this.#vocabulary.textOf(id);
      tokens++;
      if (this.#vocabulary.isEscape(id)) {
        const spelled = this.#speller.draw(id, sharpness, topP, maxTokens - tokens, uniform);
        text += spelled.text;
        tokens += spelled.symbols;
        if (!spelled.complete) return { text, tokens, finish: "length" };
      }
      mixture.probability(id);
      mixture.accept(id);
    }
    return { text, tokens, finish: "length" };
  }

  /** The whole next-token distribution after some tokens; for tests and inspection. */
  distribution(conditioning: Conditioning, history: readonly number[], sharpness: number): Float64Array {
    const mixture = this.#mixture;
    mixture.begin(conditioning);
    for (const id of history) {
      mixture.probability(id);
      mixture.accept(id);
    }
    return Float64Array.from({ length: this.#vocabulary.size }, (_, id) =>
      sharpness === 1 ? mixture.probability(id) : this.#sharpened(id, sharpness),
    );
  }

  #spelling(escapeId: number, word: string, sharpness: number): readonly number[] {
    const make = () => {
      const values: number[] = [];
      this.#speller.score(escapeId, word, sharpness, values);
      return values;
    };
    return sharpness === 1 ? this.#spellings.getOrMake(`${escapeId}${word}`, make) : make();
  }

  /** p(id)^sharpness over the sum of all tokens' powers. */
  #sharpened(id: number, sharpness: number): number {
    const { unseen, previous, count, others, total } = this.#raise(sharpness);
    const { base } = this.#mixture.parts;
    const power = this.#dense[id]!;
    const wanted = power > 0 ? power : unseen * base.power(base.sharpened(sharpness), previous, id);
    this.#clear(count);
    return wanted / (total + others);
  }

  #drawSharpened(sharpness: number, topP: number, uniform: () => number): number {
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

/** A tempered distribution in sparse form: see `#raise`. */
interface Raised {
  readonly unseen: number;
  readonly previous: number;
  readonly count: number;
  readonly total: number;
  readonly others: number;
}
