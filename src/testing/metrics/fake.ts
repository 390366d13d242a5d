import type { Stream } from "../../core/stream.ts";
import { defineMetric } from "../../metrics/define.ts";
import type { AboutMetric, MetricDefinition, MetricInput, MetricValue } from "../../metrics/metric.ts";

/** A metric that a test makes up: lower is better, and it needs nothing, unless the test says otherwise. */
export function fakeMetric(
  id: string,
  compute: (input: MetricInput, random: Stream) => MetricValue,
  about: Partial<AboutMetric> = {},
): MetricDefinition {
  return defineMetric({
    id,
    name: id,
    meaning: "A fake.",
    group: "alignment",
    better: "lower",
    range: [0, 10],
    needs: {},
    source: "here",
    notes: { defaults: "-", edges: "-", notCopied: "-" },
    floor: false,
    ...about,
    compute: (input, _options, random) => compute(input, random),
  });
}
