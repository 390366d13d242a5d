import { TAILS } from "./tokenizer.ts";
import { END, type Vocabulary } from "./vocabulary.ts";

/**
 * What the prompt's exemplars say about the next token: which tokens followed which, and which words were used at all. The
 * latter as a distribution `u(w | tail)` in proportion to count times rarity, over the tokens allowed after the tail.
 * ExemplarOverlay lays both over the mixture's.
 *
 * Tokens are asked for by their row: the place of a token among those of the exemplars.
 */
export class ExemplarCache {
  /** The exemplars' tokens, each once, ascending; END stands for the start of a text. */
  readonly #tokens: Int32Array;
  /** Row i was followed by successors[first[i]] .. successors[first[i + 1] - 1], ascending, this often each. */
  readonly #first: Int32Array;
  readonly #successors: Int32Array;
  readonly #counts: Int32Array;
  /** How often each row was followed by anything. */
  readonly #sums: Int32Array;
  /** Weight of each row in u; 0 for the end and for escapes. */
  readonly #weights: Float64Array;
  /** Sum of the weights allowed after each tail. */
  readonly #totals: Float64Array;
  readonly #vocabulary: Vocabulary;

  /** @param texts - token ids of each exemplar, ending in END; @param rarity - weight of each token in u. */
  constructor(texts: readonly Int32Array[], rarity: Float64Array, vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
    this.#tokens = Int32Array.from(new Set([END, ...texts.flatMap((tokens) => [...tokens])])).sort();
    const rows = Array.from(this.#tokens, () => new Map<number, number>());
    const used = new Int32Array(this.#tokens.length);
    for (const tokens of texts) {
      let previous = END;
      for (const token of tokens) {
        // An unknown word is not repeated: its escape would spell another one.
        if (!vocabulary.isEscape(token)) {
          const successors = rows[this.row(previous)]!;
          successors.set(token, (successors.get(token) ?? 0) + 1);
          if (token !== END) used[this.row(token)]!++;
        }
        previous = token;
      }
    }
    const sorted = rows.map((successors) => [...successors].sort(([a], [b]) => a - b));
    this.#first = new Int32Array(rows.length + 1);
    for (let i = 0; i < rows.length; i++) this.#first[i + 1] = this.#first[i]! + rows[i]!.size;
    this.#successors = Int32Array.from(sorted.flat(), ([token]) => token);
    this.#counts = Int32Array.from(sorted.flat(), ([, count]) => count);
    this.#sums = Int32Array.from(sorted, (successors) => successors.reduce((sum, [, count]) => sum + count, 0));
    this.#weights = Float64Array.from(this.#tokens, (token, i) => used[i]! * rarity[token]!);
    this.#totals = new Float64Array(TAILS);
    for (let tail = 0; tail < TAILS; tail++) {
      for (let i = 0; i < this.#tokens.length; i++) {
        if (vocabulary.allows(tail, this.#tokens[i]!)) this.#totals[tail]! += this.#weights[i]!;
      }
    }
  }

  /** The row of a token; -1 where no exemplar has it. */
  row(token: number): number {
    const tokens = this.#tokens;
    let low = 0;
    let high = tokens.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (tokens[middle]! < token) low = middle + 1;
      else high = middle;
    }
    return low < tokens.length && tokens[low] === token ? low : -1;
  }

  /** How often the row's token was followed by another or by the end. */
  countOf(row: number): number {
    return row < 0 ? 0 : this.#sums[row]!;
  }

  /** How often `token` followed the row's. */
  countOfPair(row: number, token: number): number {
    if (row >= 0) {
      for (let i = this.#first[row]!; i < this.#first[row + 1]!; i++) {
        if (this.#successors[i] === token) return this.#counts[i]!;
      }
    }
    return 0;
  }

  /** The successor at this point of [0, countOf(row)). */
  drawSuccessor(row: number, point: number): number {
    let i = this.#first[row]!;
    for (let left = point - this.#counts[i]!; left >= 0; left -= this.#counts[i]!) i++;
    return this.#successors[i]!;
  }

  forEachSuccessor(row: number, visit: (token: number, count: number) => void): void {
    if (row < 0) return;
    for (let i = this.#first[row]!; i < this.#first[row + 1]!; i++) visit(this.#successors[i]!, this.#counts[i]!);
  }

  /** True where u has a token to offer after this tail. */
  offers(tail: number): boolean {
    return this.#totals[tail]! > 0;
  }

  /** u(the row's token | tail). */
  unigram(tail: number, row: number): number {
    if (row < 0 || !this.#vocabulary.allows(tail, this.#tokens[row]!)) return 0;
    return this.#weights[row]! / this.#totals[tail]!;
  }

  drawUnigram(tail: number, point: number): number {
    let left = point * this.#totals[tail]!;
    let last = 0;
    for (let i = 0; i < this.#tokens.length; i++) {
      if (this.#weights[i] === 0 || !this.#vocabulary.allows(tail, this.#tokens[i]!)) continue;
      last = this.#tokens[i]!;
      left -= this.#weights[i]!;
      if (left < 0) break;
    }
    return last;
  }

  forEachUnigram(tail: number, visit: (token: number, probability: number) => void): void {
    for (let i = 0; i < this.#tokens.length; i++) {
      const token = this.#tokens[i]!;
      if (this.#weights[i]! > 0 && this.#vocabulary.allows(tail, token)) {
        visit(token, this.#weights[i]! / this.#totals[tail]!);
      }
    }
  }
}
