import type { TopLevelSpec } from "vega-lite";
import type { ResultRow } from "../../core/result.ts";
import { GRID, INK, MUTED, series } from "./palette.ts";

/** One metric of one dataset under one judge: methods down the page, models side by side. */
export interface MetricChartInput {
  /** For those who do not see it. */
  readonly description: string;
  /** Rows over repeats with a value. */
  readonly rows: readonly ResultRow[];
  /** Methods from top to bottom. */
  readonly methods: readonly string[];
  readonly models: readonly (string | null)[];
  /** What other people score; null for none. */
  readonly ceiling: number | null;
  /** What shuffled words score, or gold's own value for metrics that aim at it; null for none. */
  readonly target: number | null;
  readonly floor: number | null;
}

/** Whether the floor is left out because drawing it would squeeze everything else. */
export function floorIsFar({ rows, ceiling, floor }: Pick<MetricChartInput, "rows" | "ceiling" | "floor">): boolean {
  if (floor === null) return false;
  const values = [...rows.flatMap(({ value, ciLow, ciHigh }) => [value, ciLow, ciHigh]), ceiling].filter(
    (value) => value !== null,
  );
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(high - low, Math.abs(high) * 0.1);
  return floor > high + room || floor < low - room;
}

/** The chart as a Vega-Lite specification: a dot with its interval for each method and model, rules for the references. */
export function metricChart(input: MetricChartInput): TopLevelSpec {
  const { rows, methods, models } = input;
  const names = models.map(modelKey);
  const data = rows.map((row) => ({
    method: methodKey(row.method),
    model: modelKey(row.model),
    value: row.value,
    low: row.ciLow ?? row.value,
    high: row.ciHigh ?? row.value,
  }));
  const floor = floorIsFar(input) ? null : input.floor;
  const rules = [
    { at: input.ceiling, dash: [1, 0] },
    { at: input.target, dash: [6, 3] },
    { at: floor, dash: [2, 3] },
  ].filter((rule) => rule.at !== null);
  const y = {
    field: "method",
    type: "nominal",
    sort: methods.map(methodKey),
    title: null,
    axis: {
      domain: false,
      ticks: false,
      labelPadding: 8,
      labelLimit: 180,
      labelExpr: "slice(datum.label, 1)",
      grid: true,
      gridColor: GRID,
      bandPosition: 0.5,
    },
  } as const;
  const yOffset = { field: "model", sort: names, scale: { paddingOuter: 0.7 } } as const;
  const color = {
    field: "model",
    sort: names,
    legend: null,
    scale: { domain: names, range: names.map((_, i) => series(i).light) },
  } as const;
  const shape = {
    field: "model",
    sort: names,
    legend: null,
    scale: { domain: names, range: names.map((_, i) => series(i).shape) },
  } as const;
  const x = { type: "quantitative", title: null, scale: { zero: false, nice: true } } as const;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    description: input.description,
    width: 250,
    height: { step: models.length > 1 ? 12 : 24, for: models.length > 1 ? "offset" : "position" },
    data: { values: data },
    layer: [
      ...rules.map(({ at, dash }) => ({
        data: { values: [{ at }] },
        mark: { type: "rule" as const, color: MUTED, strokeWidth: 1.5, strokeDash: dash },
        encoding: { x: { field: "at", ...x } },
      })),
      {
        mark: { type: "rule", strokeWidth: 2 },
        encoding: { y, yOffset, color, x: { field: "low", ...x }, x2: { field: "high" } },
      },
      {
        mark: { type: "point", filled: true, size: 44, opacity: 1 },
        encoding: { y, yOffset, color, shape, x: { field: "value", ...x } },
      },
    ],
    config: {
      aria: false, // the picture as a whole has a label (svg.ts), and what is in it is then read by none
      font: "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif",
      background: "transparent",
      view: { stroke: null },
      axis: {
        labelFontSize: 12,
        labelColor: INK,
        domainColor: MUTED,
        tickColor: MUTED,
        gridColor: GRID,
        tickCount: 4,
      },
      axisX: { grid: false },
    },
  };
}

/** A method's key in scales, which are plain objects: none is `constructor` or `toString`. Its label leaves the mark out. */
function methodKey(method: string): string {
  return `=${method}`;
}

/** Likewise of a model, which has no label; texts may name none. */
function modelKey(model: string | null): string {
  return model === null ? "none" : `=${model}`;
}
