import { comparePrimary, LEVEL } from "../analysis/comparisons.ts";
import { headlines } from "../analysis/headline.ts";
import { lossOf } from "../analysis/loss.ts";
import type { ComparisonRow } from "../core/result.ts";
import type { Stream } from "../core/stream.ts";
import type { Metric } from "../metrics/metric.ts";
import type { SampleSet } from "../metrics/sample-set.ts";
import { embeddingSet, inputFor } from "./populations.ts";
import { resultRow } from "./rows.ts";

/** Where a method lies: people are a standard normal over root d in each direction, a method's texts are moved and scaled. */
export interface Place {
  /** Direction and distance of the move; its square is the FID to the population. */
  readonly move?: readonly [axis: number, by: number];
  readonly spread?: number;
}

/** Methods at one distance, none nearer than another: opposite moves along one axis after another. */
export function equallyFar(methods: number, fid: number): Place[] {
  return Array.from({ length: methods }, (_, i) => ({
    move: [Math.floor(i / 2), (i % 2 === 0 ? 1 : -1) * Math.sqrt(fid)],
  }));
}

export interface RaceOptions {
  readonly n: number;
  readonly d: number;
  readonly repeats: number;
  readonly metric: Metric;
}

/** Share of a text's variance that its context decides, for people and methods alike. */
const CONTEXT = 0.5;

/**
 * One run: people drawn anew from the population, methods that answer their contexts, compared and judged as a run does it.
 *
 * @returns the method that is named, and the one that the swap test alone, gold held fixed, would name; null: none.
 */
export async function race(random: Stream, places: readonly Place[], { n, d, repeats, metric }: RaceOptions) {
  const contexts = random.derive("contexts");
  const shared = Float64Array.from({ length: n * d }, () => Math.sqrt(CONTEXT) * contexts.normal());
  const draw = (stream: Stream, { move = [0, 0], spread = 1 }: Place): SampleSet => {
    const data = Float32Array.from(shared, (x, at) => {
      const own = x + Math.sqrt(1 - CONTEXT) * stream.normal();
      return (spread * own) / Math.sqrt(d) + (at % d === move[0] ? move[1] : 0);
    });
    return embeddingSet({ data, rows: n, cols: d });
  };
  const gold = draw(random.derive("gold"), {});
  const indices = Array.from({ length: n }, (_, i) => i);
  const systems = places.map((place, i) => ({
    method: `m${i}`,
    realTextsSeen: 1,
    repeats: Array.from({ length: repeats }, (_, r) => ({ set: draw(random.derive(i, r), place), indices })),
  }));
  const rows = [];
  for (const { method, repeats: sets } of systems) {
    let [value, target] = [0, 0];
    for (const { set } of sets) {
      const found = await metric.compute({ ...inputFor(gold), synthetic: set }, random.derive("metric"));
      value += found.value! / repeats;
      target += (found.gold ?? 0) / repeats;
    }
    rows.push(
      resultRow({ method, repeat: null, metric: metric.id, better: metric.better, value, gold: target || null }),
    );
  }
  const { dataset, model, encoder } = rows[0]!;
  const task = { dataset, model, encoder, input: inputFor(gold), contexts: n, systems };
  const comparisons = await comparePrimary([task], rows, metric, random);
  const [headline] = headlines(rows, comparisons, metric.id, () => 1);
  const next = [...rows].sort((a, b) => lossOf(a)! - lossOf(b)!)[1]!.method;
  return { named: headline!.winner, namedBySwapsAlone: bySwapsAlone(comparisons, next), comparisons };
}

function bySwapsAlone(comparisons: readonly ComparisonRow[], next: string): string | null {
  const row = comparisons.find(({ baseline }) => baseline === next);
  return (row?.pValue ?? 1) <= LEVEL ? row!.method : null;
}
