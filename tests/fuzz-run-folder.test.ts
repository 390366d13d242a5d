import path from "node:path";
import { beforeAll, expect, it } from "vitest";
import { eventProgress } from "../src/core/events.ts";
import { mop } from "../src/methods/mop.ts";
import { type Answer, seeded, testRun } from "../src/testing/experiment.ts";
import { testFolder } from "../src/testing/test-folder.ts";
import { many } from "../src/testing/toy-methods.ts";
import { drawsOf } from "./support/draws.ts";
import { holdAgainst } from "./support/run-damage.ts";

const DRAWS = drawsOf({ quick: 20, full: 300 });

/** A fit that asks, texts of one call each and of shared calls, and texts that no model made. */
const config = {
  methods: [
    { mop: { objective: "mmd", personas: 2, exemplars: 4, records: 12, candidates: 3, answers: 4 } },
    "plain",
    "many",
    { texts: { n: 12 } },
  ],
  samples: 6,
  metrics: ["gap", "words"],
};

/** Where a run is stopped: after so many calls, or once a cell of a method is scored. */
interface StopAt {
  readonly asked?: number;
  readonly scored?: string;
}

const STOPPED: Readonly<Record<string, StopAt>> = {
  fitting: { asked: 5 },
  "half filled": { asked: 16 },
  "half scored": { scored: "many" },
};

const root = testFolder();

/** Begins a run or goes on with it. @returns how many calls it made, and what it warned of */
async function go(
  folder: { readonly out: string } | { readonly resume: string },
  { answer = seeded, seed, stopAt = {} }: { answer?: Answer; seed?: number; stopAt?: StopAt } = {},
) {
  let asked = 0;
  const warnings: string[] = [];
  const stop = new AbortController();
  const progress = eventProgress((event) => {
    if (event.type === "warning") warnings.push(event.message);
    if (event.type === "cell.scored" && event.cell.method === stopAt.scored) stop.abort();
  });
  const counting: Answer = (request) => {
    asked += 1;
    if (asked === stopAt.asked) stop.abort();
    return answer(request);
  };
  await testRun({
    run: folder,
    config,
    world: { methods: { many, mop }, answer: counting },
    overrides: { concurrency: 1, ...(seed === undefined ? {} : { seed }) },
    environment: { progress, signal: stop.signal },
  });
  return { asked, warnings };
}

beforeAll(async () => {
  const at = (name: string) => ({ out: path.join(root, name) });
  await go(at("finished"));
  await go(at("another seed"), { seed: 99 });
  await go(at("other answers"), { answer: (request) => seeded({ ...request, seed: request.seed ^ 0x5555 }) });
  for (const [name, stopAt] of Object.entries(STOPPED))
    await expect(go(at(name), { stopAt })).rejects.toThrow("Stopped.");
});

it(`holds against ${DRAWS} damages of a run's files: the same bytes, or a sentence and exit 2`, async () => {
  const seen = await holdAgainst(
    {
      root,
      finished: "finished",
      stopped: Object.keys(STOPPED),
      others: ["another seed", "other answers"],
      resume: (folder) => go({ resume: folder }),
    },
    "run folder",
    DRAWS,
  );
  expect(seen.held).toBeGreaterThan(seen.refused);
  expect(seen.refused).toBeGreaterThan(0);
});
