import type { Matrix } from "../../core/matrix.ts";
import type { CrossSide } from "./cross-side.ts";
import { squaredDistance } from "./exact.ts";
import type { MedianGuess } from "./median-guess.ts";
import type { Bounds, PairWindow } from "./window.ts";

const BINS = 4096;
/** More pairs than this at the median are ties, whose common distance the drawn pairs show as well. */
const MOST_RECHECKED = 1 << 20;

/**
 * The median of all pooled pair distances (as numpy: the mean of the middle two), selected exactly: pairs whose approximate
 * distance is too close to the middle to be ranked are computed again in float64. No distance is kept but those of a narrow
 * window about the median.
 */
export function pooledMedian(cross: CrossSide, guess: MedianGuess): number {
  const size = cross.gold.distinct.size + cross.synthetic.distinct.size;
  const pairs = (size * (size - 1)) / 2;
  const ranks = { lower: Math.floor((pairs - 1) / 2), upper: Math.floor(pairs / 2) };
  for (let attempt = 0; ; attempt++) {
    const narrow = guess.narrow(attempt);
    const sources = sourcesOf(cross, guess, attempt);
    if (sources.some(({ window }) => window.overflow)) return Math.sqrt(guess.drawn);
    const found = select(sources, narrow.bounds, ranks, errorOf(cross));
    if (found === "ties") return Math.sqrt(guess.drawn);
    if (found !== "outside") return (Math.sqrt(found.lower) + Math.sqrt(found.upper)) / 2;
  }
}

interface Ranks {
  readonly lower: number;
  readonly upper: number;
}

/** A window of pairs with what recomputes and weighs them. */
interface Source {
  readonly window: PairWindow;
  distance(at: number): number;
  weight(at: number): number;
}

function sourcesOf(cross: CrossSide, guess: MedianGuess, attempt: number): Source[] {
  const { gold, synthetic } = cross;
  const narrow = guess.narrow(attempt);
  const p = gold.distinct;
  const q = synthetic.distinct;
  return [
    source(gold.windowOver(narrow.bounds, guess.wide(attempt)), p.rows, p.weights, p.rows, p.weights),
    source(synthetic.windowOver(narrow.bounds, narrow), q.rows, q.weights, q.rows, q.weights),
    source(cross.windowOver(narrow), p.rows, p.weights, q.rows, q.weights),
  ];
}

function source(window: PairWindow, x: Matrix, xWeights: Float64Array, y: Matrix, yWeights: Float64Array): Source {
  const { rows, cols } = window;
  return {
    window,
    distance: (at) => squaredDistance(x, rows[at]!, y, cols[at]!),
    weight: (at) => {
      const i = rows[at]!;
      // A distinct row paired with itself stands for the pairs of its repeats.
      return x === y && i === cols[at]! ? (xWeights[i]! * (xWeights[i]! - 1)) / 2 : xWeights[i]! * yWeights[cols[at]!]!;
    },
  };
}

function errorOf(cross: CrossSide): number {
  const own = (side: CrossSide["gold"]) =>
    side.geometry.errors.reduce((most, error) => Math.max(most, 2 * error * side.geometry.reach), 0);
  return Math.max(own(cross.gold), own(cross.synthetic), cross.error);
}

function select(sources: readonly Source[], bounds: Bounds, ranks: Ranks, error: number): Ranks | "outside" | "ties" {
  const [first, last] = rangeOf(sources, bounds);
  if (!(first <= last)) return "outside";
  const width = (last - first) / BINS || 1;
  const bin = (t: number) => Math.min(BINS - 1, Math.floor((t - first) / width));
  const counts = new Float64Array(BINS);
  let below = 0;
  for (const { window, weight } of sources) {
    below += window.below;
    for (let at = 0; at < window.length; at++) {
      const t = window.values[at]!;
      if (t < bounds.low) below += weight(at);
      else if (t < bounds.high) counts[bin(t)]! += weight(at);
    }
  }
  const lowerBin = binOfRank(counts, ranks.lower - below);
  const upperBin = binOfRank(counts, ranks.upper - below);
  if (lowerBin < 0 || upperBin < 0) return "outside";
  // Neither middle value can truly lie outside these; what lies farther out than an error more is surely on its side.
  const low = first + lowerBin * width - 2 * error - width * 1e-6;
  const high = first + (upperBin + 1) * width + 2 * error + width * 1e-6;
  if (low < bounds.low || high >= bounds.high) return "outside";
  return exactRanks(sources, { low, high }, ranks);
}

/** Least and greatest of the values inside the bounds. */
function rangeOf(sources: readonly Source[], bounds: Bounds): [number, number] {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { window } of sources) {
    for (let at = 0; at < window.length; at++) {
      const t = window.values[at]!;
      if (t < bounds.low || t >= bounds.high) continue;
      if (t < first) first = t;
      if (t > last) last = t;
    }
  }
  return [first, last];
}

function binOfRank(counts: Float64Array, rank: number): number {
  if (rank < 0) return -1;
  let below = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    below += counts[bin]!;
    if (below > rank) return bin;
  }
  return -1;
}

/** The values of the ranks, from the pairs between the bounds computed again. */
function exactRanks(sources: readonly Source[], bounds: Bounds, ranks: Ranks): Ranks | "ties" {
  const found: { t: number; weight: number }[] = [];
  let below = 0;
  for (const { window, weight, distance } of sources) {
    below += window.below;
    for (let at = 0; at < window.length; at++) {
      const t = window.values[at]!;
      if (t < bounds.low) below += weight(at);
      else if (t <= bounds.high) {
        if (found.length === MOST_RECHECKED) return "ties";
        found.push({ t: distance(at), weight: weight(at) });
      }
    }
  }
  found.sort((a, b) => a.t - b.t);
  const valueAt = (rank: number) => {
    let reached = below;
    for (const { t, weight } of found) {
      reached += weight;
      if (reached > rank) return t;
    }
    throw new RangeError(`No pair of rank ${rank}.`);
  };
  return { lower: valueAt(ranks.lower), upper: valueAt(ranks.upper) };
}
