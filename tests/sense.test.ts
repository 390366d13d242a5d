import { beforeAll, describe, expect, test } from "vitest";
import { ELSEWHERE, PAGE_OPTIONS, SEEN, type Sensed, senseTown } from "../benchmarks/sense/shifts.ts";

/** What docs/metrics-sense.md says in words, judged by embedded:lsa. */
describe("what metrics see and miss", () => {
  const byId = new Map<string, Sensed>();
  const z = (metric: string, damage: string) => byId.get(metric)!.shifts.get(damage)!.z;
  const sees = (metric: string, damage: string) => Math.abs(z(metric, damage)) >= SEEN;

  beforeAll(async () => {
    const metrics =
      "fid,mauve,mmd-rbf,kl-cosine,recall,coverage,density,length-js,vendi,aps,self-bleu-4,distinct-1,distinct-2,duplicate-rate,memorization,longest-copy,length-gap";
    const rows = await senseTown({ ...PAGE_OPTIONS, metrics: metrics.split(",") });
    for (const row of rows) byId.set(row.metric.id, row);
  });

  test("collapse moves alignment and diversity; only exact repetition moves the duplicate rate", () => {
    for (const metric of ["fid", "mauve", "mmd-rbf", "vendi", "self-bleu-4", "distinct-2"])
      for (const damage of ["collapse", "near-collapse"])
        expect(sees(metric, damage), `${metric}, ${damage}`).toBe(true);
    expect(z("duplicate-rate", "collapse")).toBe(Number.POSITIVE_INFINITY);
    expect(z("duplicate-rate", "near-collapse")).toBe(0);
    expect(z("vendi", "collapse")).toBeLessThan(0);
    expect(z("self-bleu-4", "collapse")).toBeGreaterThan(0);
  });

  test("copied exemplars move the metrics of copying and nothing else", () => {
    for (const id of byId.keys())
      expect(sees(id, "exemplars"), id).toBe(id === "memorization" || id === "longest-copy");
  });

  test("copied gold is rewarded", () => {
    expect(byId.get("fid")!.shifts.get("gold")!.praised).toBe(true);
  });

  test("length moves the metrics of length, and diversity with them", () => {
    for (const damage of ["halved", "doubled"])
      for (const metric of ["length-gap", "length-js", "self-bleu-4", "distinct-1", "aps"])
        expect(sees(metric, damage), `${metric}, ${damage}`).toBe(true);
  });

  test("half the topics missing moves FID, MAUVE and MMD, not coverage; one topic is not to be seen", () => {
    expect(z("fid", "missing-half")).toBeGreaterThan(SEEN);
    expect(z("mauve", "missing-half")).toBeLessThan(-SEEN);
    expect(z("mmd-rbf", "missing-half")).toBeGreaterThan(SEEN);
    expect(sees("coverage", "missing-half")).toBe(false);
    for (const metric of ["fid", "mauve", "recall", "coverage"])
      expect(sees(metric, "missing-topic"), metric).toBe(false);
  });

  test("noise and word order: FID sees broken order, density praises it, counts of words are blind to it", () => {
    expect(sees("fid", "shuffled")).toBe(true);
    expect(sees("mmd-rbf", "noise")).toBe(true);
    expect(byId.get("density")!.shifts.get("shuffled")!.praised).toBe(true);
    expect(sees("distinct-1", "shuffled")).toBe(false);
  });

  test("KL cosine, Vendi and APS do not see a set that lies elsewhere; metrics of place do", () => {
    for (const metric of ["kl-cosine", "vendi", "aps"]) expect(sees(metric, ELSEWHERE), metric).toBe(false);
    for (const metric of ["fid", "mauve", "mmd-rbf", "recall", "coverage"])
      expect(sees(metric, ELSEWHERE), metric).toBe(true);
  });
});
