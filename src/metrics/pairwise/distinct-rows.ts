import { type Matrix, takeRows } from "../../core/matrix.ts";

/**
 * The distinct rows of a set and how often each occurs. Collapsed models repeat themselves: the pairwise pass works on
 * distinct rows with weights, so repeats cost nothing and cannot flood the exact rechecks with ties.
 */
export interface DistinctRows {
  /** u x d, in order of first occurrence; the given matrix itself where no row repeats. */
  readonly rows: Matrix;
  /** How often each occurs, >= 1; sums to `size`. */
  readonly weights: Float64Array;
  /** The number of rows given. */
  readonly size: number;
}

/** Finds rows of equal bits. Linear in the size of the matrix. */
export function distinctRows(m: Matrix): DistinctRows {
  const bits = new Uint32Array(m.data.buffer, m.data.byteOffset, m.data.length);
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * m.rows + 1))).fill(-1);
  const firsts: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < m.rows; i++) {
    let slot = hash(bits, i * m.cols, m.cols) & (slots.length - 1);
    while (slots[slot]! >= 0 && !equalRows(bits, firsts[slots[slot]!]! * m.cols, i * m.cols, m.cols))
      slot = (slot + 1) & (slots.length - 1);
    const known = slots[slot]!;
    if (known >= 0) counts[known]!++;
    else {
      slots[slot] = firsts.length;
      firsts.push(i);
      counts.push(1);
    }
  }
  return {
    rows: firsts.length === m.rows ? m : takeRows(m, firsts),
    weights: Float64Array.from(counts),
    size: m.rows,
  };
}

/** FNV-1a over 32-bit words, mixed so that the low bits depend on all. */
function hash(bits: Uint32Array, from: number, length: number): number {
  let h = 0x811c9dc5;
  for (let k = from; k < from + length; k++) h = Math.imul(h ^ bits[k]!, 0x01000193);
  h ^= h >>> 15;
  return Math.imul(h, 0x2c1b3c6d) >>> 7;
}

function equalRows(bits: Uint32Array, a: number, b: number, length: number): boolean {
  for (let k = 0; k < length; k++) if (bits[a + k] !== bits[b + k]) return false;
  return true;
}
