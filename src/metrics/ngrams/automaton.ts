import { mix } from "../../text/grams.ts";

const NONE = -1;

/**
 * The suffix automaton (Blumer et al. 1985) of a list of texts as token ids: it walks any text and tells, at each token, how
 * long a run ending there stands word for word in one of the texts. Building and walking are linear in the tokens.
 *
 * Transitions lie in one open-addressing table keyed by (state, token), and in a list per state for the copies that building
 * makes. Between texts stands a separator that no walked token equals, so no run crosses a border.
 */
export class SuffixAutomaton {
  readonly #length: Int32Array;
  readonly #link: Int32Array;
  readonly #firstEdge: Int32Array;
  readonly #nextEdge: Int32Array;
  readonly #edgeFrom: Int32Array;
  readonly #edgeToken: Int32Array;
  readonly #edgeTo: Int32Array;
  readonly #slots: Int32Array;
  readonly #mask: number;
  #states = 1;
  #edges = 0;

  /**
   * @param texts the texts one after the other, a negative number (each used once) after every text.
   */
  constructor(texts: Int32Array) {
    const states = 2 * texts.length + 1; // the bounds of Blumer et al.: 2n - 1 states, 3n - 4 transitions
    const edges = 3 * texts.length + 4;
    this.#length = new Int32Array(states);
    this.#link = new Int32Array(states);
    this.#link[0] = NONE;
    this.#firstEdge = new Int32Array(states).fill(NONE);
    this.#nextEdge = new Int32Array(edges);
    this.#edgeFrom = new Int32Array(edges);
    this.#edgeToken = new Int32Array(edges);
    this.#edgeTo = new Int32Array(edges);
    const bits = Math.max(4, Math.ceil(Math.log2(edges * 1.5)));
    this.#mask = 2 ** bits - 1;
    this.#slots = new Int32Array(this.#mask + 1);
    let last = 0;
    for (const token of texts) last = this.#extend(last, token);
  }

  /** The longest run of tokens[from .. to - 1] that stands in one of the texts. Tokens unknown to them: any id they lack. */
  longestRun(tokens: Int32Array, from: number, to: number): number {
    let state = 0;
    let run = 0;
    let longest = 0;
    for (let at = from; at < to; at++) {
      const token = tokens[at]!;
      let edge = this.#edge(state, token);
      while (edge === NONE && state !== 0) {
        state = this.#link[state]!;
        run = this.#length[state]!;
        edge = this.#edge(state, token);
      }
      if (edge === NONE) continue;
      state = this.#edgeTo[edge]!;
      run += 1;
      if (run > longest) longest = run;
    }
    return longest;
  }

  #extend(last: number, token: number): number {
    const length = this.#length;
    const link = this.#link;
    const current = this.#states++;
    length[current] = length[last]! + 1;
    let state = last;
    while (state !== NONE && this.#edge(state, token) === NONE) {
      this.#add(state, token, current);
      state = link[state]!;
    }
    if (state === NONE) {
      link[current] = 0;
      return current;
    }
    const next = this.#edgeTo[this.#edge(state, token)]!;
    if (length[next] === length[state]! + 1) {
      link[current] = next;
      return current;
    }
    const copy = this.#states++;
    length[copy] = length[state]! + 1;
    link[copy] = link[next]!;
    for (let edge = this.#firstEdge[next]!; edge !== NONE; edge = this.#nextEdge[edge]!)
      this.#add(copy, this.#edgeToken[edge]!, this.#edgeTo[edge]!);
    for (; state !== NONE; state = link[state]!) {
      const edge = this.#edge(state, token);
      if (edge === NONE || this.#edgeTo[edge] !== next) break;
      this.#edgeTo[edge] = copy;
    }
    link[next] = copy;
    link[current] = copy;
    return current;
  }

  #edge(state: number, token: number): number {
    let slot = mix(state, token) & this.#mask;
    for (;;) {
      const edge = this.#slots[slot]! - 1;
      if (edge < 0) return NONE;
      if (this.#edgeFrom[edge] === state && this.#edgeToken[edge] === token) return edge;
      slot = (slot + 1) & this.#mask;
    }
  }

  #add(state: number, token: number, to: number): void {
    let slot = mix(state, token) & this.#mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
    const edge = this.#edges++;
    this.#slots[slot] = edge + 1;
    this.#edgeFrom[edge] = state;
    this.#edgeToken[edge] = token;
    this.#edgeTo[edge] = to;
    this.#nextEdge[edge] = this.#firstEdge[state]!;
    this.#firstEdge[state] = edge;
  }
}
