import path from "node:path";
import { beforeAll, expect, it } from "vitest";
import { run } from "../src/api/run.ts";
import { testFolder } from "../src/testing/test-folder.ts";
import { holdAgainst } from "./support/run-damage.ts";
import { reviewsCsv } from "./support/tiny-experiment.ts";

/** A fit that scores, on the embedded models. */
const config = {
  datasets: [{ file: { path: "reviews.csv", text: "review", context: "topic", label: "stars" } }],
  models: ["embedded:small"],
  methods: [{ mop: { personas: 3, exemplars: 8, records: 12, pairs: 3, maxSteps: 10 } }, "zero-shot"],
  samples: 6,
  repeats: 2,
  encoder: "embedded:lsa",
  metrics: ["fid", "distinct"],
  decoding: { maxTokens: 10 },
  concurrency: 1,
};

/** After so many calls a run is stopped: 36 pairs are scored, then four cells of six texts filled. */
const STOPPED: Readonly<Record<string, number>> = { fitting: 20, "half filled": 45, "half scored": 56 };

const root = testFolder({ "reviews.csv": reviewsCsv(200) });

async function go(folder: { out: string } | { resume: string }, { stopAt = 0, seed = 1 } = {}) {
  let asked = 0;
  const warnings: string[] = [];
  const stop = new AbortController();
  await run(config, {
    cwd: root,
    env: { MOPBENCH_CACHE: path.join(root, "cache") },
    cache: false,
    formats: ["json"],
    seed,
    signal: stop.signal,
    on(event) {
      if (event.type === "warning") warnings.push(event.message);
      if (event.type === "call" && ++asked === stopAt) stop.abort();
    },
    ...folder,
  });
  return { asked, warnings };
}

beforeAll(async () => {
  await go({ out: "finished" });
  await go({ out: "another seed" }, { seed: 2 });
  for (const [name, stopAt] of Object.entries(STOPPED))
    await expect(go({ out: name }, { stopAt })).rejects.toThrow("Stopped.");
});

it("holds against 60 damages of the files of a run on embedded models", async () => {
  const seen = await holdAgainst(
    {
      root,
      finished: "finished",
      stopped: Object.keys(STOPPED),
      others: ["another seed"],
      resume: (folder) => go({ resume: folder }),
    },
    "embedded run folder",
    60,
  );
  expect(seen.held).toBeGreaterThan(seen.refused);
  expect(seen.refused).toBeGreaterThan(0);
});
