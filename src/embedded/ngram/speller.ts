import { NgramCounter } from "./ngram-counter.ts";
import { NgramHash } from "./ngram-hash.ts";
import type { NgramTable } from "./ngram-table.ts";
import { ESCAPES, type Vocabulary } from "./vocabulary.ts";

const ORDER = 5;
const STOP = 0;
/** A letter outside the alphabet: a code point follows. */
const RARE = 1;
const LETTERS = 2;

/** One symbol was drawn or read: its log-probability is under the temperature asked for. */
export interface Spelled {
  readonly text: string;
  readonly symbols: number;
  /** True where the word was finished within the symbols allowed. */
  readonly complete: boolean;
}

/**
 * How unknown words are written: an n-gram model over the letters of the background's words, which stops where the word
 * ends. It cannot stop at nothing, nor at a word of the vocabulary (that word has its own token), so those stops have
 * probability zero and the rest is renormalized. A letter never seen is an escape followed by its code point.
 */
export class Speller {
  readonly #vocabulary: Vocabulary;
  readonly #letters: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;
  readonly #table: NgramTable;
  readonly #hash: NgramHash;
  readonly #flat: Float64Array;
  readonly #distribution: Float64Array;
  readonly #contexts = new Int32Array(ORDER);

  /** @param words - distinct words without the space before them; rare ones should weigh as much as frequent ones. */
  constructor(words: readonly string[], vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
    const letters = new Set<string>();
    for (const word of words) for (const letter of word) letters.add(letter);
    this.#letters = ["", "", ...letters];
    this.#ids = new Map([...letters].map((letter, i) => [letter, LETTERS + i]));
    const size = this.#letters.length;
    const counter = new NgramCounter(ORDER, size, words.length * 6);
    for (const word of words) counter.add([...Array.from(word, (letter) => this.#ids.get(letter)!), STOP]);
    this.#table = counter.smooth({ kind: "kneser-ney" });
    this.#hash = new NgramHash(this.#table);
    const seen = counter.continuations;
    // A letter outside the alphabet is as likely as a tenth of a letter seen once.
    this.#flat = Float64Array.from(seen, (count, id) => (id === RARE ? 0.1 : count + 0.5));
    const total = this.#flat.reduce((sum, value) => sum + value, 0);
    for (let i = 0; i < size; i++) this.#flat[i]! /= total;
    this.#distribution = new Float64Array(size);
  }

  /** log p of each symbol of `word` after this escape: the letters (two for a rare one), then the stop. Appends to `out`. */
  score(escapeId: number, word: string, sharpness: number, out: number[]): void {
    const { prefix, spells } = ESCAPES[escapeId - 1]!;
    if (spells === "character") {
      out.push(Math.log(pointProbability(word.codePointAt(0)!, escapeId, this.#vocabulary, sharpness)));
      return;
    }
    this.#begin();
    let spelled = prefix;
    for (const letter of word) {
      this.#next(spelled, sharpness);
      const id = this.#ids.get(letter) ?? RARE;
      out.push(Math.log(this.#distribution[id]!));
      if (id === RARE) out.push(Math.log(pointProbability(letter.codePointAt(0)!, 2, this.#vocabulary, sharpness)));
      this.#advance(id);
      spelled += letter;
    }
    this.#next(spelled, sharpness);
    out.push(Math.log(this.#distribution[STOP]!));
  }

  /** Spells by chance, with at most `room` symbols. `uniform` gives numbers in [0, 1). */
  draw(escapeId: number, sharpness: number, topP: number, room: number, uniform: () => number): Spelled {
    const { prefix, spells } = ESCAPES[escapeId - 1]!;
    let text = "";
    let symbols = 0;
    if (spells === "character") {
      if (room < 1) return { text, symbols, complete: false };
      return { text: drawPoint(escapeId, this.#vocabulary, sharpness, topP, uniform), symbols: 1, complete: true };
    }
    this.#begin();
    while (symbols < room) {
      this.#next(prefix + text, sharpness);
      const id = drawFrom(this.#distribution, topP, uniform());
      symbols++;
      if (id === STOP) return { text, symbols, complete: true };
      if (id === RARE) {
        if (symbols >= room) break;
        text += drawPoint(2, this.#vocabulary, sharpness, topP, uniform);
        symbols++;
      } else text += this.#letters[id]!;
      this.#advance(id);
    }
    return { text, symbols, complete: false };
  }

  /** The distribution over stop, rare and letters after `spelled` (with the escape's prefix); for tests and inspection. */
  distribution(escapeId: number, spelled: string, sharpness: number): Float64Array {
    this.#begin();
    for (const letter of spelled) this.#advance(this.#ids.get(letter) ?? RARE);
    this.#next(ESCAPES[escapeId - 1]!.prefix + spelled, sharpness);
    return this.#distribution.slice();
  }

  #begin(): void {
    this.#contexts.fill(-1);
    this.#contexts[1] = STOP;
  }

  #advance(id: number): void {
    let carried = id;
    for (let k = 1; k < ORDER; k++) {
      const context = this.#contexts[k]!;
      this.#contexts[k] = carried;
      carried = context < 0 ? -1 : this.#hash.find(context, id);
      if (carried < 0) {
        this.#contexts.fill(-1, k + 1);
        break;
      }
    }
  }

  /** Fills the distribution of the next symbol: the chain, the stop's exclusion, the temperature. */
  #next(spelled: string, sharpness: number): void {
    const p = this.#distribution;
    const table = this.#table;
    p.set(this.#flat);
    for (let k = 1; k < ORDER; k++) {
      const context = this.#contexts[k]!;
      if (context < 0) break;
      const rest = table.rest[context]!;
      for (let i = 0; i < p.length; i++) p[i]! *= rest;
      for (let node = table.first[context]!; node < table.first[context + 1]!; node++) {
        p[table.symbol[node]!]! += table.seen[node]!;
      }
    }
    const last = spelled.charCodeAt(spelled.length - 1);
    const empty = spelled.length === 0 || last === 0x20 || last === 0x27 || last === 0x2019;
    if (empty || this.#vocabulary.idOf(spelled) !== undefined) p[STOP] = 0;
    let total = 0;
    for (let i = 0; i < p.length; i++) {
      if (sharpness !== 1) p[i] = p[i]! ** sharpness;
      total += p[i]!;
    }
    for (let i = 0; i < p.length; i++) p[i]! /= total;
  }
}

/** Index at this point of a distribution, or of its nucleus. */
function drawFrom(p: Float64Array, topP: number, point: number): number {
  const order = topP < 1 ? Array.from(p.keys()).sort((a, b) => p[b]! - p[a]!) : null;
  let mass = 1;
  let length = p.length;
  if (order !== null) {
    mass = 0;
    length = 0;
    while (length < p.length && mass < topP) mass += p[order[length++]!]!;
  }
  let left = point * mass;
  let last = 0;
  for (let i = 0; i < length; i++) {
    const index = order === null ? i : order[i]!;
    if (p[index]! === 0) continue;
    last = index;
    left -= p[index]!;
    if (left < 0) break;
  }
  return last;
}

/** Code points likely for an escape (letters with diacritics; punctuation and currency; blanks), and the share of any other. */
const POINTS = 0x110000;
const OTHER_SHARE = 1e-3;
const RANGES: readonly (readonly [number, number])[][] = [
  [
    [0xc0, 0xd6],
    [0xd8, 0xf6],
    [0xf8, 0x17f],
  ],
  [
    [0x21, 0x26],
    [0x28, 0x2f],
    [0x3a, 0x40],
    [0x5b, 0x60],
    [0x7b, 0x7e],
    [0xa1, 0xa9],
    [0x2013, 0x2014],
    [0x201c, 0x201d],
    [0x2026, 0x2026],
  ],
  [
    [0x09, 0x0a],
    [0x0d, 0x0d],
    [0xa0, 0xa0],
  ],
];

function rangesOf(escapeId: number): readonly (readonly [number, number])[] {
  return RANGES[escapeId === 9 ? 2 : ESCAPES[escapeId - 1]!.spells === "character" ? 1 : 0]!;
}

interface PointModel {
  /** Likely code points that have no token of their own. */
  readonly likely: readonly number[];
  readonly high: number;
  readonly low: number;
}

/** Every code point has the low probability, the likely ones the high one on top; the two levels sum to one at any temperature. */
function pointModel(escapeId: number, vocabulary: Vocabulary, sharpness: number): PointModel {
  const { prefix, spells } = ESCAPES[escapeId - 1]!;
  const likely: number[] = [];
  for (const [from, to] of rangesOf(escapeId)) {
    for (let point = from; point <= to; point++) {
      if (spells === "word" || vocabulary.idOf(prefix + String.fromCodePoint(point)) === undefined) likely.push(point);
    }
  }
  const low = (likely.length > 0 ? OTHER_SHARE : 1) / POINTS;
  const high = likely.length > 0 ? low + (1 - OTHER_SHARE) / likely.length : low;
  const total = likely.length * high ** sharpness + (POINTS - likely.length) * low ** sharpness;
  return { likely, high: high ** sharpness / total, low: low ** sharpness / total };
}

function pointProbability(point: number, escapeId: number, vocabulary: Vocabulary, sharpness: number): number {
  const { likely, high, low } = pointModel(escapeId, vocabulary, sharpness);
  return likely.includes(point) ? high : low;
}

function drawPoint(
  escapeId: number,
  vocabulary: Vocabulary,
  sharpness: number,
  topP: number,
  uniform: () => number,
): string {
  const { likely, high } = pointModel(escapeId, vocabulary, sharpness);
  const mass = likely.length * high;
  if (likely.length > 0 && (topP < mass || uniform() < mass)) {
    return String.fromCodePoint(likely[Math.floor(uniform() * likely.length)]!);
  }
  for (;;) {
    const point = Math.floor(uniform() * POINTS);
    if (!likely.includes(point)) return String.fromCodePoint(point);
  }
}
