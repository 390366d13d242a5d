import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { embeddedPart } from "../benchmarks/sense/page.ts";
import { PAGE_OPTIONS, SEEN, type Sensed, senseTown } from "../benchmarks/sense/shifts.ts";
import { packageRoot } from "../src/storage/package-root.ts";
import { missing, openMiniLm } from "./support/real-sets.ts";

test("docs/metrics-sense.md is what metrics do (make sense writes it)", async () => {
  const page = readFileSync(path.join(packageRoot(), "docs", "metrics-sense.md"), "utf8");
  const now = embeddedPart(PAGE_OPTIONS, await senseTown(PAGE_OPTIONS));
  expect(page.slice(0, now.length)).toBe(now);
});

describe.skipIf(missing !== "")(`judged by all-MiniLM-L6-v2${missing && ` (skipped: ${missing})`}`, () => {
  test("coverage and MAUVE see one missing topic, FID sees noise", async () => {
    const metrics = ["fid", "mauve", "recall", "coverage"];
    const rows = await senseTown({ ...PAGE_OPTIONS, metrics }, () => openMiniLm(null));
    const byId = new Map(rows.map((row): [string, Sensed] => [row.metric.id, row]));
    const z = (metric: string, damage: string) => byId.get(metric)!.shifts.get(damage)!.z;
    expect(z("coverage", "missing-topic")).toBeLessThan(-SEEN);
    expect(z("mauve", "missing-topic")).toBeLessThan(-SEEN);
    for (const metric of ["mauve", "recall", "coverage"]) expect(z(metric, "missing-half"), metric).toBeLessThan(-SEEN);
    expect(z("fid", "noise")).toBeGreaterThan(SEEN);
  });
});
