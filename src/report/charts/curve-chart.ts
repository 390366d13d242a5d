import type { TopLevelSpec } from "vega-lite";
import type { Curve } from "../run-data.ts";
import { GRID, INK, MUTED, series } from "./palette.ts";

/** A fit's objective on training and held-out records against the step. */
export function curveChart(description: string, points: Curve["points"]): TopLevelSpec {
  const data = points.flatMap(({ step, train, heldOut }) => [
    ...(train === null ? [] : [{ step, value: train, part: "training" }]),
    ...(heldOut === null ? [] : [{ step, value: heldOut, part: "held out" }]),
  ]);
  const domain = ["training", "held out"];
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    description,
    width: 300,
    height: 140,
    data: { values: data },
    mark: { type: "line", strokeWidth: 1.8 },
    encoding: {
      x: { field: "step", type: "quantitative", title: "step" },
      y: { field: "value", type: "quantitative", title: "nats a record", scale: { zero: false } },
      color: {
        field: "part",
        type: "nominal",
        scale: { domain, range: [series(0).light, series(1).light] },
        legend: { title: null, orient: "top", labelColor: INK },
      },
      strokeDash: {
        field: "part",
        type: "nominal",
        scale: {
          domain,
          range: [
            [1, 0],
            [4, 2],
          ],
        },
        legend: null,
      },
    },
    config: {
      font: "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif",
      background: "transparent",
      view: { stroke: null },
      axis: { labelColor: INK, titleColor: INK, domainColor: MUTED, tickColor: MUTED, gridColor: GRID, tickCount: 4 },
    },
  };
}
