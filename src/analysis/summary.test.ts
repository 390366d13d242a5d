import { describe, expect, it } from "vitest";
import type { ResultRow } from "../core/result.ts";
import { UNBOUNDED } from "../scoring/interval.ts";
import { resultRow } from "../testing/rows.ts";
import { summarize } from "./summary.ts";

const metrics = [
  { id: "fid", ...UNBOUNDED },
  { id: "precision", range: [0, 1], trials: true },
  { id: "coverage", range: [0, 1] },
  { id: "owner-tv", range: [0, 1], noInterval: "it is known" },
] as const;
const summaryOf = (rows: readonly ResultRow[]) => summarize(rows, metrics);

describe("summarize", () => {
  it("gives the mean and Student's interval over repeats", async () => {
    const rows = [1, 2, 4].map((value, repeat) => resultRow({ value, repeat }));
    const [row, ...rest] = await summaryOf(rows);
    expect(rest).toEqual([]);
    expect(row?.repeat).toBeNull();
    expect(row?.value).toBeCloseTo(7 / 3, 14);
    // scipy.stats.t.interval(0.95, 2, mean, sem)
    expect(row?.ciHigh).toBeCloseTo(6.1279163669300925, 11);
    expect(row?.ciLow).toBeCloseTo(-1.461249700263426, 11);
    expect(row?.settings).toEqual({ repeats: 3, interval: "score" });
  });

  it("keeps the interval within the metric's range", async () => {
    const rows = [0.97, 0.99, 1].map((value, repeat) => resultRow({ metric: "coverage", value, repeat }));
    const [row] = await summaryOf(rows);
    expect(row?.ciHigh).toBeLessThan(1);
    expect(row!.value! - row!.ciLow!).toBeGreaterThan(row!.ciHigh! - row!.value!);
  });

  it("counts all repeats' texts for independent trials, and gives one repeat its interval", async () => {
    const [row] = await summaryOf([1, 1, 1].map((value, repeat) => resultRow({ metric: "precision", value, repeat })));
    expect(row).toMatchObject({ value: 1, ciHigh: 1, reason: null, settings: { interval: "mid-P" } });
    expect(row?.ciLow).toBeCloseTo(1 - 3 / 1200, 4);
    const [single] = await summaryOf([resultRow({ metric: "precision", value: 0.5 })]);
    expect(single?.ciLow).toBeCloseTo(0.45, 2);
  });

  it("gives repeats of one value no interval, and says why", async () => {
    const [row] = await summaryOf([0, 1, 2].map((repeat) => resultRow({ metric: "coverage", value: 1, repeat })));
    expect(row).toMatchObject({ value: 1, ciLow: null, ciHigh: null });
    expect(row?.reason).toBe("No interval: the values of 3 repeats do not differ.");
    const [known] = await summaryOf(
      [0.1, 0.2].map((value, repeat) => resultRow({ metric: "owner-tv", value, repeat })),
    );
    expect(known).toMatchObject({ ciLow: null, reason: "No interval: it is known." });
  });

  it("keeps models, encoders and missing ids apart, in order of first appearance", async () => {
    const rows = [
      resultRow({ method: "real", model: null }),
      resultRow({ method: "real", model: "null" }),
      resultRow({ encoder: null, metric: "distinct-2" }),
      resultRow({ encoder: "other" }),
      resultRow({ method: "real", model: null, repeat: 1, value: 0.3 }),
    ];
    const summary = await summaryOf(rows);
    expect(summary.map((row) => [row.method, row.model, row.encoder])).toEqual([
      ["real", null, "embedded:lsa"],
      ["real", "null", "embedded:lsa"],
      ["mop", "embedded:small", null],
      ["mop", "embedded:small", "other"],
    ]);
    expect(summary[0]?.value).toBeCloseTo(0.2, 12);
  });

  it("gives one repeat no interval", async () => {
    const [row] = await summaryOf([resultRow({ value: 3 })]);
    expect(row).toMatchObject({ value: 3, ciLow: null, ciHigh: null, settings: { repeats: 1 } });
  });

  it("keeps the reason of what has no value, and says when only some are missing", async () => {
    const gone = { value: null, reason: "needs prompt log-probabilities" };
    const summary = await summaryOf([
      resultRow({ method: "a", ...gone }),
      resultRow({ method: "a", repeat: 1, ...gone }),
      resultRow({ method: "b", value: 2 }),
      resultRow({ method: "b", repeat: 1, ...gone }),
      resultRow({ method: "b", repeat: 2, value: 4, n: 390 }),
    ]);
    expect(summary[0]).toMatchObject({ value: null, ciLow: null, reason: gone.reason });
    expect(summary[1]).toMatchObject({ value: 3, n: 390 });
    expect(summary[1]?.reason).toBe("1 of 3 repeats have no value: needs prompt log-probabilities");
  });

  it("takes no rows, and passes over rows that are summaries already", async () => {
    expect(await summaryOf([])).toEqual([]);
    expect(await summaryOf([resultRow({ repeat: null })])).toEqual([]);
  });
});
