import { expect, it } from "vitest";
import type { ResultRow } from "../../core/result.ts";
import { metricChart } from "./metric-chart.ts";
import { chartSvg } from "./svg.ts";

const row: ResultRow = {
  dataset: "d",
  model: "m",
  method: "x",
  repeat: null,
  metric: "fid",
  encoder: "embedded:lsa",
  value: 1,
  ciLow: 0.5,
  ciHigh: 1.5,
  n: 10,
  nGold: 10,
  gold: null,
  better: "lower",
  reason: null,
  settings: {},
};

it("names of methods and models that every plain object has are drawn and labeled as others are", async () => {
  const names = ["constructor", "toString", "__proto__", "hasOwnProperty", "zero-shot", "=x"];
  const rows = names.flatMap((method) => [...names, null].map((model) => ({ ...row, method, model })));
  const references = { ceiling: 0.5, target: null, floor: null };
  const spec = metricChart({ description: "d", rows, methods: names, models: [...names, null], ...references });
  const svg = await chartSvg(spec);
  const labels = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
  expect(labels).toEqual(expect.arrayContaining(names));
  expect(svg).not.toContain("=zero-shot"); // nor does a label for those who do not see it show the key
  expect(new Set([...svg.matchAll(/ stroke="(#\w+)"/g)].map(([, color]) => color)).size).toBeGreaterThan(6);
});
