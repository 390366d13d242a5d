import { describe, expect, test } from "vitest";
import { ConfigSource } from "../config/source.ts";
import { InputError } from "../core/errors.ts";
import { eager, LazyRegistry } from "../core/lazy-registry.ts";
import { metrics } from "./registry.ts";
import { resolveMetrics, writtenMetric } from "./resolve.ts";

const registry = new LazyRegistry(
  "metric",
  metrics.names.map((id) => eager(id, metrics.get(id))),
);

async function resolve(list: string) {
  const source = new ConfigSource("c.yaml", `metrics: ${list}\n`, {});
  const value = source.value;
  const values: unknown = typeof value === "object" && value !== null && "metrics" in value ? value.metrics : [];
  return resolveMetrics(source, registry, Array.isArray(values) ? values : [], ["metrics"]);
}

const ids = async (list: string) => (await resolve(list)).asked.map(({ id }) => id);

describe("metrics of a config", () => {
  test("are ids, groups, and metrics with options under other ids", async () => {
    const { asked } = await resolve(
      "[fid, {mauve: {seed: 3, as: mauve-3}}, {precision: {neighbors: 10}, as: p10}, mauve]",
    );
    expect(asked.map(({ id }) => id)).toEqual(["fid", "mauve-3", "p10", "mauve"]);
    expect(asked.map((metric) => writtenMetric(metric, metrics))).toEqual([
      "fid",
      { id: "mauve-3", name: "mauve", options: { seed: 3 } },
      { id: "p10", name: "precision", options: { neighbors: 10 } },
      "mauve",
    ]);
    expect(asked[1]).toMatchObject({ name: "MAUVE (c = 1), mauve-3", better: "higher" });
    expect(await ids("[honesty, duplicate-rate, honesty]")).toEqual(await ids("[honesty]"));
  });

  test("take the place of a group's, and of those in every table, where they have the same id", async () => {
    const found = await resolve("[alignment, {share-js: {clusters: 12}}]");
    const shares = found.asked.filter(({ id }) => id === "share-js");
    expect(shares.map(({ definition }) => definition.options)).toEqual([{ clusters: 12 }]);
    expect(found.everywhere.map(({ id }) => id)).toEqual(["duplicate-rate", "length-gap"]);
    const beside = await resolve("[fid, {share-js: {clusters: 12, as: share-12}}]");
    expect(beside.everywhere.map(({ id }) => id)).toEqual(["duplicate-rate", "length-gap", "share-js"]);
    expect(beside.whereKnown.map(({ id }) => id)).toEqual(["owner-tv"]);
  });

  test.each([
    [
      "an id twice",
      "[mauve, {mauve: {seed: 3}}]",
      /^c\.yaml:1:11: metrics\[0\]: a second metric with the id `mauve`\./,
    ],
    [
      "an id twice, with options",
      "[{mauve: {seed: 3, as: m}}, {recall: {neighbors: 3, as: m}}]",
      /metrics\[1\]: a second metric with the id `m`\. .*`as: NAME`/,
    ],
    ["the id of another metric", "[{mauve: {seed: 3, as: fid}}]", /metrics\[0\]: the id `fid` is another metric's/],
    ...["all", "alignment", "diversity", "honesty"].map((group): [string, string, RegExp] => [
      `the name of the group ${group}`,
      `[fid, {mauve: {seed: 3, as: ${group}}}]`,
      new RegExp(`^c\\.yaml:1:\\d+: metrics\\[1\\]: the id \`${group}\` is a group's; give another with \`as: NAME\``),
    ]),
    ["an unknown metric", "[fid, mauv]", /metrics\[1\]: Unknown metric `mauv`\. Did you mean `mauve`\?/],
    ["an unknown metric with options", "[{mauv: {seed: 3}}]", /Unknown metric `mauv`\. Did you mean `mauve`\?/],
    [
      "an unknown option",
      "[{mauve: {sed: 3}}]",
      /metrics\[0\]\.mauve\.sed: unknown key\. Did you mean `seed`\? Allowed here: seed\./,
    ],
    [
      "a wrong value",
      "[{precision: {neighbors: 0}}]",
      /metrics\[0\]\.precision\.neighbors: found 0; allowed: at least 1/,
    ],
    ["options of a metric that has none", "[{fid: {seed: 3}}]", /metrics\[0\]\.fid\.seed: unknown key/],
  ])("are refused, with the place, for %s", async (_, list, message) => {
    await expect(resolve(list)).rejects.toThrow(InputError);
    await expect(resolve(list)).rejects.toThrow(message);
  });
});
