import type { Decoding, Finish } from "../ports.ts";
import type { Conditioning } from "./conditioning.ts";
import { Lru } from "./lru.ts";
import { Mixture, type MixtureParts } from "./mixture.ts";
import type { Speller } from "./speller.ts";
import { Tempered } from "./tempered.ts";
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
  readonly #tempered: Tempered;
  readonly #speller: Speller;
  readonly #vocabulary: Vocabulary;
  /** Log-probabilities of what escapes spelled at temperature 1: they do not depend on the prompt. */
  readonly #spellings = new Lru<string, readonly number[]>(20_000);

  constructor(parts: MixtureParts, speller: Speller) {
    this.#mixture = new Mixture(parts);
    this.#tempered = new Tempered(this.#mixture);
    this.#speller = speller;
    this.#vocabulary = parts.vocabulary;
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
        out.push(Math.log(this.#tempered.probability(id, sharpness)));
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
      const id = sharpness === 1 && topP >= 1 ? mixture.draw(uniform) : this.#tempered.draw(sharpness, topP, uniform);
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
      sharpness === 1 ? mixture.probability(id) : this.#tempered.probability(id, sharpness),
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
}
