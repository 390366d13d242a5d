import type { KernelCode } from "./code.ts";

type Kernels = Pick<KernelCode, "commonSubsequences" | "subsequenceLengths">;

const WORD = 2 ** 32;

/** lcs.as.ts in plain TypeScript, a block in two words. */
export function plainLcs(buffer: ArrayBuffer): Kernels {
  const words = new Uint32Array(buffer);
  const integers = new Int32Array(buffer);

  /** Takes the token's bits of block `has` (entry `at`, or none) and a carry; returns the carry out. */
  function advance(state: number, block: number, masks: number, at: number | null, carryIn: number): number {
    let carry = carryIn;
    for (let word = 0; word < 2; word++) {
      const to = state / 4 + 2 * block + word;
      const old = words[to]!;
      const matched = at === null ? 0 : (old & words[masks / 4 + 2 * at + word]!) >>> 0;
      const sum = old + matched + carry;
      words[to] = (sum % WORD) | (old - matched);
      carry = sum >= WORD ? 1 : 0;
    }
    return carry;
  }

  return {
    commonSubsequences(tokens, count, lists, from, blocks, masks, ends, first, state) {
      for (let t = 0; t < count; t++) {
        const token = integers[tokens / 4 + t]!;
        const end = integers[lists / 4 + token + 1]!;
        let at = integers[from / 4 + token]!;
        while (at < end && integers[blocks / 4 + at]! < first) at++;
        integers[from / 4 + token] = at;
        while (at < end) {
          let block = integers[blocks / 4 + at]!;
          const last = integers[ends / 4 + block]!;
          let carry = 0;
          for (; block < last; block++) {
            const has = at < end && integers[blocks / 4 + at] === block;
            if (has || carry > 0) carry = advance(state, block, masks, has ? at : null, carry);
            if (has) at++;
          }
        }
      }
    },
    subsequenceLengths(starts, first, texts, state, lengths) {
      for (let j = first; j < texts; j++) {
        let length = 0;
        for (let at = 2 * integers[starts / 4 + j]!; at < 2 * integers[starts / 4 + j + 1]!; at++)
          length += ones(~words[state / 4 + at]!);
        integers[lengths / 4 + j] = length;
      }
    },
  };
}

/** One bits of a word: counted in pairs, fours and bytes. */
function ones(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
