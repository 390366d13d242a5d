import { type Matrix, row } from "../core/matrix.ts";
import { type Regions, regionSizes, roundUp } from "./bounded-lloyd-memory.ts";
import { type KernelKind, Workspace } from "./kernel/workspace.ts";
import { leadingCoordinates } from "./leading-coordinates.ts";

/** Points handled by one call into the kernel; their bounds stay in the second cache. */
const BLOCK = 256;

/**
 * What float32 rounding may move a squared distance by, as a share of the largest squared norm: above what dot products of a few
 * thousand numbers show, far below what would weaken a bound.
 */
const SLACK = 1e-5;

/** What float32 may lose when bounds and drifts are added up, as a share of them. */
const ROUNDING = 1e-6;

/** Centroids that moved farther than this share of the usual distance get new bounds at once, rather than point by point. */
const FAR = 0.3;

/**
 * Lloyd's algorithm on fixed points, in float32 as faiss runs it, with Elkan's lower bounds (2003): the assignments are those of
 * measuring every distance. Bounds start from matrix products of the leading coordinates, which settle most pairs when
 * coordinates come in falling order of variance, as principal components do.
 *
 * Memory: 4 bytes for each pair of point and centroid, and twice the points.
 */
export class BoundedLloyd {
  readonly k: number;
  readonly points: Matrix;
  /** Row-major, k x `width`; columns past the points' own are zero. May be changed between `assign`s; `touch` then tells `update`. */
  readonly centroids: Float32Array;
  readonly width: number;
  /** The cluster of each point, after `assign`. */
  readonly labels: Int32Array;
  /** Distances measured so far, for benchmarks and tests. */
  measured = 0;
  readonly #space: Workspace;
  readonly #at: Regions;
  readonly #rows: number;
  readonly #head: number;
  readonly #slack: number;
  readonly #reach: number;
  readonly #squares: Float32Array;
  readonly #old: Float32Array;
  /** Marks centroids that moved since the last `assign`. */
  readonly #moved: Int32Array;
  /** Marks centroids that are not the means of the clusters in `#summed`. */
  readonly #stale: Int32Array;
  readonly #summed: Int32Array;
  #fresh = true;

  /** @param typical rows that stand for centroids when the number of leading coordinates is chosen. */
  constructor(points: Matrix, k: number, typical: Uint32Array, kind?: KernelKind) {
    this.points = points;
    this.k = k;
    this.width = roundUp(points.cols, 4);
    this.#rows = roundUp(points.rows, 8);
    this.#head = leadingCoordinates(points, typical);
    const sizes = regionSizes(this.#rows, k, this.width, this.#head, BLOCK);
    this.#space = new Workspace(Object.values(sizes), kind);
    const reserved = Object.entries(sizes).map(([name, bytes]) => [name, this.#space.reserve(bytes)]);
    this.#at = Object.fromEntries(reserved) as Regions;
    this.centroids = this.#space.float32(this.#at.centroids, k * this.width);
    this.labels = this.#space.int32(this.#at.labels, points.rows);
    this.#squares = this.#space.float32(this.#at.squares, points.rows);
    this.#old = new Float32Array(k * this.width);
    this.#moved = this.#space.int32(this.#at.moved, k);
    this.#stale = this.#space.int32(this.#at.stale, k).fill(1);
    this.#summed = new Int32Array(points.rows);
    this.#pack();
    const largest = this.#space.float32(this.#at.xx, this.#rows).reduce((a, b) => Math.max(a, b), 0);
    this.#slack = SLACK * largest;
    this.#reach = Math.sqrt(largest);
  }

  #pack(): void {
    const { points, width } = this;
    const head = this.#head;
    const x = this.#space.float32(this.#at.x, this.#rows * width);
    for (let i = 0; i < points.rows; i++) x.set(row(points, i), i * width);
    this.#norms(x, this.#rows, null, this.#at.xx, this.#at.xHeads, this.#at.xTails);
    for (let i = 0; i < this.#rows; i += BLOCK) {
      const count = Math.min(BLOCK, this.#rows - i);
      const staging = this.#space.float32(this.#at.staging, count * head);
      for (let r = 0; r < count; r++) {
        staging.set(x.subarray((i + r) * width, (i + r) * width + head), r * head);
      }
      this.#space.code.packB(this.#at.staging, count, head, this.#at.packed + 4 * i * head);
    }
  }

  /** Squared norms of rows (only those marked, unless null), whole and of the leading coordinates, and the norm of the rest. */
  #norms(x: Float32Array, rows: number, marked: Int32Array | null, whole: number, heads: number, tails: number): void {
    const squares = this.#space.float32(whole, rows);
    const headSquares = this.#space.float32(heads, rows);
    const tailNorms = this.#space.float32(tails, rows);
    for (let i = 0; i < rows; i++) {
      if (marked !== null && marked[i] === 0) continue;
      const middle = i * this.width + this.#head;
      const last = (i + 1) * this.width;
      let head = 0;
      for (let j = i * this.width; j < middle; j++) head += x[j]! * x[j]!;
      let tail = 0;
      for (let j = middle; j < last; j++) tail += x[j]! * x[j]!;
      headSquares[i] = head;
      tailNorms[i] = Math.sqrt(tail);
      squares[i] = head + tail;
    }
  }

  /** Starts anew with the points `indices` as centroids. */
  start(indices: Uint32Array): void {
    this.centroids.fill(0);
    indices.forEach((from, to) => {
      this.centroids.set(row(this.points, from), to * this.width);
    });
    this.forget();
  }

  /** Forgets all bounds: the next `assign` starts from the centroids alone. */
  forget(): void {
    this.#fresh = true;
    this.#stale.fill(1);
  }

  /** Says that centroid j was changed by the caller: the next `update` computes it again, also where its points stayed. */
  touch(j: number): void {
    this.#stale[j] = 1;
  }

  /** Assigns every point to its nearest centroid, the first of equals; returns the sum of squared distances, in float32. */
  assign(): number {
    const at = this.#at;
    const { k } = this;
    const renewed = this.#drift();
    this.#norms(this.centroids, k, this.#moved, at.cc, at.cHeads, at.cTails);
    this.#packCentroids(renewed);
    for (let i = 0; i < this.#rows; i += BLOCK) this.#assignBlock(i, renewed);
    this.#fresh = false;
    this.#old.set(this.centroids);
    let objective = 0;
    for (const square of this.#squares) objective = Math.fround(objective + square);
    return objective;
  }

  /** Adds up how far each centroid has drifted and marks those that did; returns those that get new bounds from a matrix product. */
  #drift(): readonly number[] {
    const { k, width, centroids } = this;
    const old = this.#old;
    const drifts = this.#space.float32(this.#at.drifts, k);
    const moved = this.#moved;
    if (this.#fresh) {
      drifts.fill(0);
      moved.fill(1);
      return Array.from(drifts.keys());
    }
    let sum = 0;
    for (const square of this.#squares) sum += square;
    const far = FAR * Math.sqrt(sum / this.points.rows);
    const renewed: number[] = [];
    for (let j = 0; j < k; j++) {
      let square = 0;
      for (let i = j * width; i < (j + 1) * width; i++) square += (centroids[i]! - old[i]!) ** 2;
      moved[j] = square === 0 ? 0 : 1;
      if (square === 0) continue;
      const step = Math.sqrt(square);
      drifts[j] = drifts[j]! + step * (1 + 1e-6) + ROUNDING * (this.#reach + drifts[j]!);
      if (step > far) renewed.push(j);
    }
    return renewed;
  }

  #packCentroids(indices: readonly number[]): void {
    const head = this.#head;
    const staging = this.#space.float32(this.#at.staging, indices.length * head);
    indices.forEach((j, r) => {
      staging.set(this.centroids.subarray(j * this.width, j * this.width + head), r * head);
    });
    this.#space.code.packA(this.#at.staging, indices.length, head, this.#at.packedCentroids);
  }

  #assignBlock(first: number, renewed: readonly number[]): void {
    const { code } = this.#space;
    const at = this.#at;
    const { k, width } = this;
    const head = this.#head;
    const points = Math.min(BLOCK, this.#rows - first);
    const offset = 4 * first;
    const bounds = at.bounds + offset * k;
    if (renewed.length > 0) {
      const packed = at.packed + offset * head;
      code.multiply(at.packedCentroids, Math.ceil(renewed.length / 4), packed, points / 8, head, at.tile, points);
      const heads = this.#space.float32(at.cHeads, k);
      const tails = this.#space.float32(at.cTails, k);
      const drifts = this.#space.float32(at.drifts, k);
      const drop = this.#fresh ? Number.POSITIVE_INFINITY : 0;
      for (let r = 0; r < renewed.length; r++) {
        const j = renewed[r]!;
        code.raiseBounds(
          bounds + 4 * j * points,
          points,
          at.tile + 4 * r * points,
          at.xHeads + offset,
          at.xTails + offset,
          heads[j]!,
          tails[j]!,
          drop,
          drifts[j]!,
          this.#slack,
        );
      }
    }
    const labels = at.labels + offset;
    const squares = at.squares + offset;
    if (this.#fresh) code.lowestBounds(bounds, k, points, labels, squares);
    const x = at.x + offset * width;
    const xx = at.xx + offset;
    const reaches = at.reaches + offset;
    const { centroids, cc, drifts, moved, groups } = at;
    this.measured += code.nearest(
      bounds,
      k,
      points,
      drifts,
      moved,
      labels,
      squares,
      reaches,
      groups,
      x,
      xx,
      centroids,
      cc,
      width,
      this.#slack,
    );
  }

  /**
   * Replaces the centroids by the means of their clusters (float32 sums in the order of the points; zeros where empty); returns the
   * sizes. Clusters whose points stayed keep theirs.
   */
  update(): Float32Array {
    const at = this.#at;
    const { k, width, centroids, labels } = this;
    const stale = this.#stale;
    const summed = this.#summed;
    for (let p = 0; p < labels.length; p++) {
      if (labels[p] === summed[p]) continue;
      stale[labels[p]!] = 1;
      stale[summed[p]!] = 1;
    }
    summed.set(labels);
    for (let j = 0; j < k; j++) if (stale[j] === 1) centroids.fill(0, j * width, (j + 1) * width);
    const counts = this.#space.int32(at.counts, k).fill(0);
    this.#space.code.addToSums(at.x, this.points.rows, width, at.labels, at.stale, at.centroids, at.counts);
    for (let j = 0; j < k; j++) {
      if (stale[j] === 0) continue;
      const scale = Math.fround(1 / Math.max(1, counts[j]!));
      for (let i = j * width; i < (j + 1) * width; i++) centroids[i]! *= scale;
    }
    stale.fill(0);
    return Float32Array.from(counts);
  }
}
