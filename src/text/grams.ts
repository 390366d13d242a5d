/** Texts as token ids, laid out one after the other: text i is tokens[starts[i]] .. tokens[starts[i + 1] - 1]. */
export interface InternedTexts {
  /** 0 .. vocabulary - 1. */
  readonly tokens: Int32Array;
  /** One entry more than texts. */
  readonly starts: Int32Array;
  readonly vocabulary: number;
}

/** All n-grams of a corpus, each distinct one numbered: exact, not hashed. */
export interface Grams {
  readonly n: number;
  /** For each token position the id of the n-gram that starts there, -1 where the text ends before. */
  readonly ids: Int32Array;
  /** How often each id occurs: length is the number of distinct n-grams. */
  readonly counts: Int32Array;
  /** All n-grams: the sum of counts. */
  readonly total: number;
}

/** The tokens themselves as 1-grams. */
export function unigrams(corpus: InternedTexts): Grams {
  const counts = new Int32Array(corpus.vocabulary);
  for (const id of corpus.tokens) counts[id]! += 1;
  return { n: 1, ids: corpus.tokens, counts, total: corpus.tokens.length };
}

/**
 * The n-grams from the (n-1)-grams: an n-gram is the pair (id of its first n-1 tokens, last token), looked up in one
 * open-addressing table. O(tokens).
 */
export function gramsOfTokens(corpus: InternedTexts, shorter: Grams): Grams {
  const { tokens, starts } = corpus;
  const n = shorter.n + 1;
  const positions = tokens.length;
  const ids = new Int32Array(positions).fill(-1);
  const bits = Math.max(4, Math.ceil(Math.log2(positions * 2 + 1)));
  const mask = 2 ** bits - 1;
  const slots = new Int32Array(mask + 1); // id + 1; 0 is free
  const prefixes = new Int32Array(positions);
  const lasts = new Int32Array(positions);
  const counts = new Int32Array(positions);
  let distinct = 0;
  let total = 0;
  for (let text = 0; text < starts.length - 1; text++) {
    const end = starts[text + 1]! - n;
    for (let at = starts[text]!; at <= end; at++) {
      const prefix = shorter.ids[at]!;
      const last = tokens[at + n - 1]!;
      let slot = mix(prefix, last) & mask;
      let id = slots[slot]! - 1;
      while (id >= 0 && (prefixes[id] !== prefix || lasts[id] !== last)) {
        slot = (slot + 1) & mask;
        id = slots[slot]! - 1;
      }
      if (id < 0) {
        id = distinct++;
        slots[slot] = id + 1;
        prefixes[id] = prefix;
        lasts[id] = last;
      }
      ids[at] = id;
      counts[id]! += 1;
      total += 1;
    }
  }
  return { n, ids, counts: counts.slice(0, distinct), total };
}

/**
 * The n-grams of one length alone, without the shorter ones: an n-gram is known by the place it was first seen at, looked up in
 * one open-addressing table. O(n tokens), and one look into memory a position where `gramsOfTokens` takes n - 1.
 */
export function gramsOfLength({ tokens, starts }: InternedTexts, n: number): Grams {
  const positions = tokens.length;
  const ids = new Int32Array(positions).fill(-1);
  const bits = Math.max(4, Math.ceil(Math.log2(positions * 2 + 1)));
  const mask = 2 ** bits - 1;
  const slots = new Int32Array(mask + 1); // first position + 1; 0 is free
  const counts = new Int32Array(positions);
  let distinct = 0;
  let total = 0;
  for (let text = 0; text < starts.length - 1; text++) {
    for (let at = starts[text]!; at <= starts[text + 1]! - n; at++) {
      let hash = 0;
      for (let k = 0; k < n; k++) hash = mix(hash, tokens[at + k]!);
      let slot = hash & mask;
      while (slots[slot] !== 0 && !equalRuns(tokens, slots[slot]! - 1, at, n)) slot = (slot + 1) & mask;
      if (slots[slot] === 0) {
        slots[slot] = at + 1;
        ids[at] = distinct++;
      } else ids[at] = ids[slots[slot]! - 1]!;
      counts[ids[at]!]! += 1;
      total += 1;
    }
  }
  return { n, ids, counts: counts.slice(0, distinct), total };
}

function equalRuns(tokens: Int32Array, a: number, b: number, n: number): boolean {
  for (let k = 0; k < n; k++) if (tokens[a + k] !== tokens[b + k]) return false;
  return true;
}

/** 32 well-mixed bits of a pair (murmur3's finalizer). */
export function mix(a: number, b: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b + 0x7f4a7c15, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 16), 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 13), 0x27d4eb2f);
  return (h ^ (h >>> 16)) >>> 0;
}
