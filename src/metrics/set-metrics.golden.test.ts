import { describe, expect, it } from "vitest";
import { Stream } from "../core/stream.ts";
import { goldenExists, goldenScenarios, type Scenario, smallScenarios } from "../testing/metrics/golden.ts";
import { embeddingSet, metricInput } from "../testing/metrics/input.ts";
import { goldenValues, type SetValues, smallValues } from "../testing/metrics/sets.ts";
import { fid } from "./fid.ts";
import { frontierIntegral, mauve, mauveC5, mauveStar } from "./mauve.ts";
import { clusterCounts } from "./mauve-clusters.ts";
import { divergenceCurve, frontierIntegralScore, mauveScore, shares } from "./mauve-curve.ts";
import type { Metric, MetricInput } from "./metric.ts";
import { vendiMetrics } from "./vendi.ts";

/** Covariances without full rank, where the reference's own root of a matrix is good to about 2e-7. */
const SINGULAR = ["small_dup", "small_n_lt_d", "large_collapse"];

/** Rows that repeat or nearly so, where the reference's rounding decides its clusters. */
const REPEATING = ["small_copy", "small_collapse", "medium_collapse", "large_collapse"];

const inputOf = ({ gold, synthetic }: Scenario): MetricInput =>
  metricInput(embeddingSet(gold), embeddingSet(synthetic));

async function numberOf(metric: Metric, input: MetricInput): Promise<number> {
  const { value, reason } = await metric.compute(input, Stream.root(0));
  if (value === null) throw new Error(reason);
  return value;
}

/** Equal to `relative`, counting from `least`. */
function near(found: number, reference: number, relative: number, least = 0): void {
  const allowed = Math.max(relative * Math.abs(reference), least);
  expect(Math.abs(found - reference), `${found}, reference ${reference}`).toBeLessThanOrEqual(allowed);
}

function parity(scenarios: readonly Scenario[], { alignment, mauveFixed, mauve: endToEnd }: SetValues): void {
  const named = (names: Readonly<Record<string, unknown>>) => scenarios.filter(({ name }) => names[name] !== undefined);

  it.each(named(alignment))("the Frechet distance of $name", async (scenario) => {
    const { pytorch_fid, exact_nuclear } = alignment[scenario.name]!.fid;
    const found = await numberOf(fid, inputOf(scenario));
    if (SINGULAR.includes(scenario.name)) {
      near(found, pytorch_fid, 0, 1e-6);
      near(found, exact_nuclear, 1e-9);
    } else near(found, pytorch_fid, 1e-9, 1e-12);
  });

  it.each(named(alignment))("Vendi scores of $name", async (scenario) => {
    const { p, q } = alignment[scenario.name]!.vendi;
    const input = inputOf(scenario);
    const keys = ["score_X_q1", "score_dual_q2", "score_dual_qinf"] as const;
    for (const [i, key] of keys.entries()) {
      const { value, gold } = await vendiMetrics[i]!.compute(input, Stream.root(0));
      near(value!, q[key], 1e-8);
      near(gold!, p[key], 1e-8);
    }
  });

  it.each(named(mauveFixed))("MAUVE of the clusters of $name", ({ name }) => {
    const known = mauveFixed[name]!;
    const count = (labels: readonly number[]) => {
      const counts = new Float64Array(known.num_buckets);
      for (const label of labels) counts[label]! += 1;
      return counts;
    };
    const [gold, synthetic] = [count(known.p_labels), count(known.q_labels)];
    for (const [smoothing, curve] of [
      [0, known.plain],
      [0.5, known.star],
    ] as const) {
      const [p, q] = [shares(gold, smoothing), shares(synthetic, smoothing)];
      near(mauveScore(p, q, 5), curve.mauve, 1e-9);
      near(frontierIntegralScore(p, q), curve.frontier_integral, 1e-9, 1e-15);
      const found = divergenceCurve(p, q, 5);
      expect(found).toHaveLength(curve.divergence_curve.length);
      for (const [i, [x, y]] of found.entries()) {
        near(x, curve.divergence_curve[i]![0]!, 1e-9, 1e-15);
        near(y, curve.divergence_curve[i]![1]!, 1e-9, 1e-15);
      }
    }
    near(mauveScore(shares(gold), shares(synthetic), 1), known.mauve_c1, 1e-9);
    near(mauveScore(shares(gold), shares(synthetic), 5, 100), known.mauve_c5_100points, 1e-9);
  });

  const repeats = ({ name }: Scenario) => REPEATING.includes(name);
  it.each(named(endToEnd).filter((s) => !repeats(s)))(
    "MAUVE of $name, the reference's for every seed",
    async (scenario) => {
      const input = inputOf(scenario);
      for (const { seed, mauve: plain, mauve_star, fi } of endToEnd[scenario.name]!.seeds) {
        near(await numberOf(mauveC5.with({ seed }), input), plain, 1e-9);
        near(await numberOf(mauveStar.with({ seed }), input), mauve_star, 1e-9);
        near(await numberOf(frontierIntegral.with({ seed }), input), fi, 1e-9);
      }
    },
  );

  it.each(named(endToEnd).filter(repeats))(
    "MAUVE of $name, within three deviations of the reference's",
    async (scenario) => {
      const { mauve: band, mauve_star: starBand } = endToEnd[scenario.name]!;
      const input = inputOf(scenario);
      near(await numberOf(mauveC5, input), band.mean, 0, Math.max(3 * band.std, 1e-12));
      near(await numberOf(mauveStar, input), starBand.mean, 0, Math.max(3 * starBand.std, 1e-12));
    },
  );

  it("scaling factor 1 is the same curve", async () => {
    const input = inputOf(scenarios[0]!);
    const { gold, synthetic } = clusterCounts(input.synthetic, input.gold, 25);
    expect(await numberOf(mauve, input)).toBe(mauveScore(shares(gold), shares(synthetic), 1));
  });
}

describe("parity on the small scenarios", () => {
  parity(smallScenarios(), smallValues);
});

describe.skipIf(!goldenExists)("parity on all reference values (needs ../shared/golden)", () => {
  const folder = new URL("../../../shared/golden/", import.meta.url);
  if (goldenExists) parity(goldenScenarios(), goldenValues(folder));
});
