import { type ComparisonRow, FLOOR, type ResultRow } from "../core/result.ts";
import { LEVEL } from "./comparisons.ts";
import { type FloorRemark, floorRemark, list } from "./floor.ts";
import { lossOf } from "./loss.ts";
import { type Tier, tierOf, tiers } from "./tier.ts";

/** The answer for one (dataset, model, encoder) and tier, by the primary metric. */
export interface Headline {
  readonly dataset: string | null;
  readonly model: string | null;
  readonly encoder: string | null;
  readonly tier: Tier;
  readonly metric: string;
  /** The method that beats the next one by both tests after correction, and shuffled words by value; null when none does. */
  readonly winner: string | null;
  /** Methods of the tier with a value, nearest to gold first. */
  readonly ranking: readonly ResultRow[];
  /** The best against the next one, or null with fewer than two methods. */
  readonly against: ComparisonRow | null;
  /** Methods that cannot be told from the best, in the ranking's order; the best first. Empty when there is a winner. */
  readonly tied: readonly string[];
  /** Said before anything else: the metric ranks shuffled words above methods of this (dataset, model, encoder), of any tier. */
  readonly floor: FloorRemark | null;
}

/** Says how many real texts a method's prompts can show; null for what is no method of the run (references). */
export type RealTextsSeen = (dataset: string | null, model: string | null, method: string) => number | null;

/**
 * "Closest to real people", by the rule of docs/statistics.md: one method per model, encoder and tier of real texts seen, by the primary
 * metric, and only when it beats the next one after correction, by the swap test and against other people of the population;
 * otherwise no method is detectably closer. A method that scores no better than shuffled words is never named. Never one winner
 * over encoders, models or tiers.
 *
 * @param rows rows over repeats (others are passed over).
 * @param comparisons of the same metric (`comparePrimary`).
 */
export function headlines(
  rows: readonly ResultRow[],
  comparisons: readonly ComparisonRow[],
  metric: string,
  realTextsSeen: RealTextsSeen,
): Headline[] {
  const groups = new Map<string, ResultRow[]>();
  for (const row of rows) {
    if (row.repeat !== null || row.metric !== metric) continue;
    if (realTextsSeen(row.dataset, row.model, row.method) === null) continue;
    const key = JSON.stringify([row.dataset, row.model, row.encoder]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].flatMap((group) => {
    const floor = floorRemark(group, floorOf(rows, group[0]!));
    return tiers.flatMap((tier) => {
      const inTier = group.filter(
        (row) => tierOf(realTextsSeen(row.dataset, row.model, row.method) ?? 0) === tier && lossOf(row) !== null,
      );
      return inTier.length === 0 ? [] : [headlineOf(inTier, comparisons, tier, floor)];
    });
  });
}

function floorOf(rows: readonly ResultRow[], { dataset, encoder, metric }: ResultRow): ResultRow | null {
  const isFloor = (row: ResultRow) => row.repeat === null && row.model === null && row.method === FLOOR;
  const found = rows.filter((row) => isFloor(row) && row.metric === metric);
  return found.find((row) => row.dataset === dataset && row.encoder === encoder) ?? null;
}

function headlineOf(
  rows: readonly ResultRow[],
  comparisons: readonly ComparisonRow[],
  tier: Tier,
  floor: FloorRemark | null,
): Headline {
  const ranking = [...rows].sort((a, b) => lossOf(a)! - lossOf(b)!);
  const [best, next] = ranking;
  const { dataset, model, encoder, metric, method } = best!;
  const against = (other: ResultRow) =>
    comparisons.find(
      (c) =>
        c.dataset === dataset &&
        c.model === model &&
        c.encoder === encoder &&
        c.metric === metric &&
        c.method === method &&
        c.baseline === other.method,
    ) ?? null;
  const closest = next === undefined ? null : against(next);
  // One method alone has nothing to be closer than.
  const winner = closest?.verdict === "improvement" && !isBelow(floor, method) ? method : null;
  const tied = ranking.filter((row, i) => i === 0 || against(row)?.verdict !== "improvement").map((row) => row.method);
  return {
    dataset,
    model,
    encoder,
    tier,
    metric,
    winner,
    ranking,
    against: closest,
    tied: winner === null ? tied : [],
    floor,
  };
}

/** Whether a method scores no better than the floor. */
function isBelow(floor: FloorRemark | null, method: string): boolean {
  return floor?.methods.some((row) => row.method === method) ?? false;
}

/** The headline as one plain sentence: the same words on the terminal, in HTML, Markdown and LaTeX (each escapes them). */
export function headlineSentence(headline: Headline): string {
  const { winner, ranking, against, tied, floor } = headline;
  const best = ranking[0]!.method;
  if (winner !== null) return `Closest to real people: ${winner} (next: ${against!.baseline}, ${largerP(against!)}).`;
  if (ranking.length === 1) return `Only ${best}: nothing to compare it with.`;
  if (isBelow(floor, best))
    return `No method is named: the nearest, ${best}, scores no better than people's words in random order.`;
  if (against === null || against.verdict === "not enough data")
    return `No method is detectably closer: too little data to compare ${list(ranking.map((row) => row.method))}.`;
  if ((against.pValue ?? 1) <= LEVEL)
    return `No method is detectably closer: ${best} and ${against.baseline} can be told apart on these people (${pText(against.pValue)}), not on others of the population (${pText(against.populationPValue ?? null)}).`;
  return `No method is detectably closer: ${list(tied)} cannot be told apart (${largerP(against)}).`;
}

/** A method is closer only when both tests say so, so the larger p is the claim's. */
export function largerP({ pValue, populationPValue }: ComparisonRow): string {
  return pText(pValue === null ? null : Math.max(pValue, populationPValue ?? pValue));
}

/** `p = 0.031`, `p < 0.001`. */
export function pText(p: number | null): string {
  if (p === null) return "no p-value";
  return p < 0.001 ? "p < 0.001" : `p = ${p < 0.1 ? p.toFixed(3) : p.toFixed(2)}`;
}
