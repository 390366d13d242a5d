/** The least point of a convex quadratic on the simplex. */
export interface SimplexMinimum {
  /** Not negative, sum to one. */
  readonly weights: Float64Array;
  /** wᵀ H w - 2 bᵀ w. */
  readonly value: number;
  /** Duality gap: no point of the simplex has a value below `value - gap`. */
  readonly gap: number;
}

/** Share of the numbers' size below which a gap counts as rounding, and above which it is refused. */
const SETTLED = 1e-13;
const REFUSED = 1e-9;
/** A coordinate whose pivot is no more than this share of its diagonal lies, but for rounding, between those in use. */
const DEPENDENT = 1e-12;

/**
 * Minimizes wᵀ H w - 2 bᵀ w over weights that are not negative and sum to one: exactly, in finitely many steps. An active-set
 * method: take into use the coordinate of steepest descent, go to the minimum over the coordinates in use, and on the way drop
 * those that would turn negative (Wolfe 1976, "Finding the nearest point in a polytope", for any convex quadratic). The duality
 * gap g.w - min_i g_i, g = 2 (H w - b), says how near the answer is.
 *
 * @param h symmetric, positive semidefinite, n x n, row-major
 * @throws RangeError for numbers that are none or not finite, and when a gap of more than 1e-9 of their size is left
 */
export function minimizeOnSimplex(h: Float64Array, b: Float64Array): SimplexMinimum {
  const n = b.length;
  if (n === 0 || h.length !== n * n) throw new RangeError(`${h.length} and ${n} numbers make no quadratic.`);
  if (!h.every(Number.isFinite) || !b.every(Number.isFinite)) throw new RangeError("A number is not finite.");
  const size = h.reduce((most, x) => Math.max(most, Math.abs(x)), 0) || 1;
  let best = 0;
  for (let i = 1; i < n; i++) if (h[i * n + i]! - 2 * b[i]! < h[best * n + best]! - 2 * b[best]!) best = i;
  const weights = new Float64Array(n);
  weights[best] = 1;
  const face = new Face(h, b, size);
  face.add(best);
  const slopes = new Float64Array(n);
  let { value, gap } = measure(h, b, weights, slopes);
  /** Coordinates that brought nothing at the present point: what is left of their descent is rounding. */
  const spent = new Set<number>();
  while (gap > SETTLED * size) {
    const next = steepest(slopes, face, spent);
    if (next < 0) break;
    spent.add(next);
    if (!face.add(next)) continue;
    while (!face.descend(weights));
    const found = measure(h, b, weights, slopes);
    if (found.value < value) spent.clear();
    ({ value, gap } = found);
  }
  if (gap > REFUSED * size) throw new RangeError(`The weights are not settled: a duality gap of ${gap} is left.`);
  return { weights, value, gap };
}

/** Fills the slopes g / 2 = H w - b. */
function measure(
  h: Float64Array,
  b: Float64Array,
  weights: Float64Array,
  slopes: Float64Array,
): { readonly value: number; readonly gap: number } {
  const n = b.length;
  for (let i = 0; i < n; i++) slopes[i] = -b[i]!;
  for (let j = 0; j < n; j++) {
    const w = weights[j]!;
    if (w > 0) for (let i = 0; i < n; i++) slopes[i]! += w * h[j * n + i]!;
  }
  let [along, linear, least] = [0, 0, Number.POSITIVE_INFINITY];
  for (let i = 0; i < n; i++) {
    along += weights[i]! * slopes[i]!;
    linear += weights[i]! * b[i]!;
    if (slopes[i]! < least) least = slopes[i]!;
  }
  return { value: along - linear, gap: 2 * (along - least) };
}

/** The coordinate not in use of least slope; -1 where all are in use or spent. */
function steepest(slopes: Float64Array, face: Face, spent: ReadonlySet<number>): number {
  let found = -1;
  for (let i = 0; i < slopes.length; i++)
    if ((found < 0 || slopes[i]! < slopes[found]!) && !spent.has(i) && !face.has(i)) found = i;
  return found;
}

/**
 * The coordinates in use, with the Cholesky factor of H + size 11ᵀ over them: on the simplex 11ᵀ only adds a constant, and it
 * makes positive definite what is so along the face.
 */
class Face {
  readonly #h: Float64Array;
  readonly #b: Float64Array;
  readonly #size: number;
  readonly #n: number;
  readonly #members: number[] = [];
  /** Lower triangle, rows of n. */
  readonly #factor: Float64Array;

  constructor(h: Float64Array, b: Float64Array, size: number) {
    this.#h = h;
    this.#b = b;
    this.#size = size;
    this.#n = b.length;
    this.#factor = new Float64Array(h.length);
  }

  has(i: number): boolean {
    return this.#members.includes(i);
  }

  /** @returns false, and leaves it out, where the coordinate depends on those in use */
  add(i: number): boolean {
    const [n, l] = [this.#n, this.#factor];
    const row = this.#members.length * n;
    let pivot = this.#h[i * n + i]! + this.#size;
    const enough = DEPENDENT * pivot;
    for (const [r, member] of this.#members.entries()) {
      let sum = this.#h[i * n + member]! + this.#size;
      for (let t = 0; t < r; t++) sum -= l[row + t]! * l[r * n + t]!;
      const entry = sum / l[r * n + r]!;
      l[row + r] = entry;
      pivot -= entry * entry;
    }
    if (!(pivot > enough)) return false;
    l[row + this.#members.length] = Math.sqrt(pivot);
    this.#members.push(i);
    return true;
  }

  /** Goes from `weights` towards the minimum over the face until a weight is spent, which leaves the face. @returns arrived */
  descend(weights: Float64Array): boolean {
    const target = this.#minimum();
    let reach = 1;
    let blocking = -1;
    for (const [r, member] of this.#members.entries()) {
      const w = weights[member]!;
      if (target[r]! > 0 || w / (w - target[r]!) >= reach) continue;
      reach = w / (w - target[r]!);
      blocking = r;
    }
    for (const [r, member] of this.#members.entries()) weights[member]! += reach * (target[r]! - weights[member]!);
    if (blocking < 0) return true;
    weights[this.#members[blocking]!] = 0;
    this.#remove(blocking);
    return this.#members.length === 1;
  }

  #remove(position: number): void {
    const later = this.#members.splice(position).slice(1);
    for (const member of later) this.add(member);
  }

  /** Weights of the members that sum to one, of either sign, where the quadratic is least. */
  #minimum(): Float64Array {
    const linear = this.#solve((member) => this.#b[member]!);
    const level = this.#solve(() => 1);
    const sum = (values: Float64Array): number => values.reduce((a, x) => a + x, 0);
    const shift = (1 - sum(linear)) / sum(level);
    return linear.map((x, r) => x + shift * level[r]!);
  }

  #solve(side: (member: number) => number): Float64Array {
    const [n, l] = [this.#n, this.#factor];
    const x = Float64Array.from(this.#members, side);
    for (let r = 0; r < x.length; r++) {
      let sum = x[r]!;
      for (let t = 0; t < r; t++) sum -= l[r * n + t]! * x[t]!;
      x[r] = sum / l[r * n + r]!;
    }
    for (let r = x.length - 1; r >= 0; r--) {
      const value = x[r]! / l[r * n + r]!;
      x[r] = value;
      for (let t = 0; t < r; t++) x[t]! -= l[r * n + t]! * value;
    }
    return x;
  }
}
