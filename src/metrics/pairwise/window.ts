/** Most pairs that a window keeps; beyond it is marked as overflowing (only many exactly equal distances do that). */
const MOST = 1 << 24;

/** Bounds of squared distances, low <= t < high. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** The pairs whose squared distance lies in a window, and how many lie below it: enough to select an order statistic. */
export class PairWindow {
  readonly low: number;
  readonly high: number;
  /** Weight of the pairs below the window. */
  below = 0;
  length = 0;
  overflow = false;
  values: Float64Array;
  rows: Int32Array;
  cols: Int32Array;

  /** @param expected about how many pairs it will hold. */
  constructor(bounds: Bounds, expected: number) {
    this.low = bounds.low;
    this.high = bounds.high;
    const capacity = Math.max(64, Math.min(Math.ceil(expected), MOST));
    this.values = new Float64Array(capacity);
    this.rows = new Int32Array(capacity);
    this.cols = new Int32Array(capacity);
  }

  /** Notes the pair (i, j) at t < high; callers compare with `high` first. */
  add(t: number, weight: number, i: number, j: number): void {
    if (t < this.low) {
      this.below += weight;
      return;
    }
    if (this.length === this.values.length && !this.#grow()) return;
    const at = this.length++;
    this.values[at] = t;
    this.rows[at] = i;
    this.cols[at] = j;
  }

  covers(bounds: Bounds): boolean {
    return this.low <= bounds.low && this.high >= bounds.high;
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
