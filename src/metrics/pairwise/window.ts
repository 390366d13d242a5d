import { type KernelKind, Workspace } from "../../numerics/kernel/workspace.ts";
import { DISTANCE_BINS, type DistanceMoments } from "./moments.ts";
import { MOST_PAIRS, type PairBlock, type PairVisitor } from "./pass.ts";

/** Most pairs that a window keeps; beyond it is marked as overflowing (only many exactly equal distances do that). */
const MOST = 1 << 24;
/** Bounds keep this much off the edges of bins, where rounding decides the bin. */
const SLACK = 1e-9;

/** Bounds of squared distances, low <= t < high. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/**
 * The pairs whose squared distance lies in a window, and how many lie below it: enough to select an order statistic. The window
 * is made of whole bins of a histogram of the same pairs, which counts what lies below.
 */
export class PairWindow implements PairVisitor {
  readonly low: number;
  readonly high: number;
  length = 0;
  overflow = false;
  values: Float64Array;
  rows: Int32Array;
  cols: Int32Array;
  readonly #moments: DistanceMoments;
  readonly #first: number;
  readonly #bins: number;
  readonly #space: Workspace;
  readonly #at: readonly [number, number];
  readonly #distances: Float64Array;
  readonly #list: Int32Array;

  /** @param expected about how many pairs it will hold. */
  constructor(moments: DistanceMoments, bounds: Bounds, expected: number, kind?: KernelKind) {
    const space = new Workspace([8 * MOST_PAIRS, 4 * MOST_PAIRS], kind);
    const at = [space.reserve(8 * MOST_PAIRS), space.reserve(4 * MOST_PAIRS)] as const;
    this.#space = space;
    this.#at = at;
    this.#distances = space.float64(at[0], MOST_PAIRS);
    this.#list = space.int32(at[1], MOST_PAIRS);
    const { width } = moments;
    this.#moments = moments;
    this.#first = Math.min(DISTANCE_BINS, Math.max(0, Math.floor(bounds.low / width - SLACK)));
    const end = Math.min(DISTANCE_BINS, Math.max(0, Math.ceil(bounds.high / width + SLACK)));
    this.#bins = Math.max(0, end - this.#first);
    this.low = this.#first === 0 ? Number.NEGATIVE_INFINITY : (this.#first + SLACK) * width;
    this.high = end === DISTANCE_BINS ? Number.POSITIVE_INFINITY : (end - SLACK) * width;
    const capacity = Math.max(64, Math.min(Math.ceil(expected), MOST));
    this.values = new Float64Array(capacity);
    this.rows = new Int32Array(capacity);
    this.cols = new Int32Array(capacity);
  }

  visit({ i, first, count, distances }: PairBlock): void {
    const [distance, list] = this.#at;
    this.#distances.set(distances);
    const { perWidth } = this.#moments;
    const found = this.#space.code.pairsInBins(distance, count, perWidth, this.#first, this.#bins, list);
    for (let k = 0; k < found; k++) {
      const q = this.#list[k]!;
      this.#add(distances[q]!, i, first + q);
    }
  }

  repeat(i: number): void {
    if (this.#first === 0 && this.#bins > 0) this.#add(0, i, i);
  }

  /** Weight of the pairs below the window. */
  get below(): number {
    return this.#moments.countBelow(this.#first);
  }

  covers(bounds: Bounds): boolean {
    return this.low <= bounds.low && this.high >= bounds.high;
  }

  #add(t: number, i: number, j: number): void {
    if (this.length === this.values.length && !this.#grow()) return;
    const at = this.length++;
    this.values[at] = t;
    this.rows[at] = i;
    this.cols[at] = j;
  }

  #grow(): boolean {
    const capacity = Math.min(2 * this.values.length, MOST);
    if (capacity === this.values.length) {
      this.overflow = true;
      return false;
    }
    this.values = enlarged(this.values, new Float64Array(capacity));
    this.rows = enlarged(this.rows, new Int32Array(capacity));
    this.cols = enlarged(this.cols, new Int32Array(capacity));
    return true;
  }
}

function enlarged<T extends Float64Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
