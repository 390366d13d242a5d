import type { TopLevelSpec } from "vega-lite";
import { CEILING, FLOOR, type ResultRow } from "../../core/result.ts";
import { floorIsFar, metricChart } from "../charts/metric-chart.ts";
import { series } from "../charts/palette.ts";
import { arrow, decimalsFor, direction, fixed } from "../format.ts";
import type { MetricInfo, ReportContext } from "./context.ts";
import { modelName } from "./model-name.ts";

export interface ChartView {
  readonly title: string;
  readonly arrow: string;
  readonly direction: string;
  readonly primary: boolean;
  readonly spec: TopLevelSpec;
  /** What the rules are: "line: other people (0.050)". */
  readonly notes: readonly string[];
}

/** Charts of one dataset under one judge. */
export interface ChartGroupView {
  readonly judge: string;
  readonly legend: readonly { readonly model: string; readonly position: number; readonly shape: string }[];
  readonly charts: readonly ChartView[];
}

/** For each encoder, then for the metrics that read words only: one chart a metric, the primary one first. */
export function chartGroups(context: ReportContext, dataset: string): ChartGroupView[] {
  const models = context.models(dataset);
  return [...context.encoders(dataset), null].flatMap((encoder) => {
    const charts = [...context.metrics]
      .sort((a, b) => Number(b === context.primary) - Number(a === context.primary))
      .flatMap((metric) => chartView(context, dataset, encoder, metric));
    if (charts.length === 0) return [];
    return [
      {
        judge: encoder === null ? "words only, no encoder" : `judged by ${encoder}`,
        legend: models.map((model, i) => ({
          model: modelName(model, context.remark(model)),
          position: i,
          shape: series(i).shape,
        })),
        charts,
      },
    ];
  });
}

function chartView(context: ReportContext, dataset: string, encoder: string | null, metric: MetricInfo): ChartView[] {
  const models = context.models(dataset);
  const of = (method: string, model: string | null) =>
    context.row({ dataset, model, method, metric: metric.id, encoder });
  const methods = [...new Set(models.flatMap((model) => context.methods(dataset, model)))];
  const rows = models
    .flatMap((model) => methods.map((method) => of(method, model)))
    .filter((row): row is ResultRow => row?.value != null);
  if (rows.length === 0) return [];
  const ceiling = of(CEILING, null)?.value ?? null;
  const floor = of(FLOOR, null)?.value ?? null;
  const target = metric.better === "gold" ? (rows.find(({ gold }) => gold !== null)?.gold ?? null) : null;
  const decimals = decimalsFor([...rows.map(({ value }) => value), ceiling]);
  const far = floorIsFar({ rows, ceiling, floor });
  const notes = [
    ...(ceiling === null ? [] : [`line: other people, ${fixed(ceiling, decimals)}`]),
    ...(target === null ? [] : [`dashed: gold itself, ${fixed(target, decimals)}`]),
    ...(floor === null ? [] : [`${far ? "beyond the axis" : "dotted"}: shuffled words, ${fixed(floor, decimals)}`]),
  ];
  const best = metric.better === "gold" ? "" : `, ${direction(metric.better)}`;
  const values = rows.map(
    (row) => `${row.method} on ${modelName(row.model, context.remark(row.model))} ${fixed(row.value!, decimals)}`,
  );
  return [
    {
      title: metric.name,
      arrow: arrow(metric.better),
      direction: direction(metric.better),
      primary: metric === context.primary,
      notes,
      spec: metricChart({
        description: `${metric.name} on ${dataset}${best}: ${[...values, ...notes].join("; ")}.`,
        rows,
        methods,
        models,
        ceiling,
        target,
        floor,
      }),
    },
  ];
}
