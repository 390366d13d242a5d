import { expect, it } from "vitest";
import { Stream } from "../src/core/stream.ts";
import { killAndResume } from "./support/kills.ts";

it("ends with the same bytes after 50 kills, in several runs", async () => {
  const random = Stream.root(2).derive("kills");
  let hit = 0;
  while (hit < 50) {
    const report = await killAndResume(8, random);
    expect(report.resumed).toBe(report.undisturbed);
    expect(report.repeated).toBeLessThanOrEqual(report.inFlight);
    hit += report.hit;
  }
});
