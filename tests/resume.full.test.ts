import { expect, it } from "vitest";
import { Stream } from "../src/core/stream.ts";
import { KILLED, killAndResume } from "./support/kills.ts";

it.each(Object.entries(KILLED))("ends with the same bytes after 50 kills, in several runs: %s", async (_, methods) => {
  const random = Stream.root(2).derive("kills");
  let hit = 0;
  while (hit < 50) {
    const report = await killAndResume(8, random, methods);
    expect(report.resumed).toBe(report.undisturbed);
    expect(report.repeated).toBeLessThanOrEqual(report.inFlight);
    hit += report.hit;
  }
});
