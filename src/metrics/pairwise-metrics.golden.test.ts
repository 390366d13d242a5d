import { describe, test } from "vitest";
import { Stream } from "../core/stream.ts";
import { jsDivergence, klDivergence, smoothedShares } from "../numerics/divergence.ts";
import {
  expectEqual,
  goldenExists,
  goldenScenarios,
  type Scenario,
  smallScenarios,
} from "../testing/metrics/golden.ts";
import { embeddingSet, metricInput } from "../testing/metrics/input.ts";
import { aps } from "./aps.ts";
import { kid } from "./kid.ts";
import { jsCosine, klCosine, klCosineReverse } from "./kl-cosine.ts";
import type { Metric } from "./metric.ts";
import { mmdRbf } from "./mmd-rbf.ts";
import { prdcMetrics } from "./prdc.ts";

async function check({ gold, synthetic, values }: Scenario): Promise<void> {
  const input = metricInput(embeddingSet(gold), embeddingSet(synthetic));
  const computed = async (metric: Metric) => {
    const { value } = await metric.compute(input, Stream.root(0));
    return value ?? Number.NaN;
  };
  const { bins50, bins100 } = values.kl_cosine;
  expectEqual(await computed(klCosine), bins50.kl_gen_gold, "kl-cosine", 1e-3);
  expectEqual(await computed(klCosineReverse), bins50.kl_gold_gen, "kl-cosine-reverse", 1e-3);
  expectEqual(await computed(jsCosine), bins50.js_nats, "js-cosine", 1e-3);
  const p = smoothedShares(bins100.gold_counts, 1e-10);
  const q = smoothedShares(bins100.gen_counts, 1e-10);
  expectEqual(klDivergence(q, p), bins100.kl_gen_gold, "100 bins", 1e-3);
  expectEqual(jsDivergence(q, p), bins100.js_nats, "100 bins", 1e-3);
  expectEqual(await computed(mmdRbf), values.mmd.rbf_median_pooled.unbiased_mmd2, "mmd-rbf", 1);
  expectEqual(await computed(kid), values.mmd.poly3_kid.unbiased_mmd2, "kid", 1);
  for (const metric of prdcMetrics)
    expectEqual(
      await computed(metric),
      values.prdc.k5_float64[metric.id as keyof typeof values.prdc.k5_float64],
      metric.id,
    );
  const own = await aps.compute(input, Stream.root(0));
  expectEqual(own.value!, values.vendi.q.aps_offdiag_mean, "aps", 1e-3);
  expectEqual(own.gold!, values.vendi.p.aps_offdiag_mean, "aps of gold", 1e-3);
}

describe("The pairwise metrics on the small reference scenarios", () => {
  test.each(smallScenarios().map((scenario) => [scenario.name, scenario] as const))("%s", (_, scenario) =>
    check(scenario),
  );
});

describe.skipIf(!goldenExists)(
  "The pairwise metrics on the middling reference scenarios (needs ../shared/golden)",
  () => {
    const more = goldenExists ? goldenScenarios().filter(({ values }) => values.d === 64) : [];
    test.each(more.map((scenario) => [scenario.name, scenario] as const))("%s", (_, scenario) => check(scenario));
  },
);
