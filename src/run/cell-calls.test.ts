import { expect, it } from "vitest";
import { CallError } from "../core/errors.ts";
import type { Completion } from "../models/model.ts";
import { CellTally } from "./cell-calls.ts";

const cell = { dataset: "d", model: "m", method: "x", repeat: 0 };
const answer = (more: Partial<Completion> = {}): Completion => {
  return { text: "t", tokensIn: 1, tokensOut: 1, finish: "stop", ...more };
};

it("counts retried, cached, reasoned and failed answers cell by cell, and goes on from a run it resumes", () => {
  const tally = new CellTally();
  tally.answered(cell, answer());
  tally.answered(cell, answer({ retries: 2, raw: "<think>so</think>t" }));
  tally.answered(cell, answer({ cachedAt: 5000 }));
  tally.answered({ ...cell, repeat: 1 }, answer());
  tally.failed(cell, new CallError("server", "busy", { attempts: 8 }));
  tally.failed(cell, new CallError("refusal", "no"));
  const [first, second] = tally.cells;
  const oldest = "1970-01-01T00:00:05.000Z";
  expect(first).toEqual({ ...cell, asked: 5, retried: 2, cached: 1, oldestCachedAt: oldest, reasoned: 1, failed: 2 });
  expect(second).toMatchObject({ repeat: 1, asked: 1 });

  const resumed = new CellTally(tally.cells);
  resumed.answered(cell, answer({ cachedAt: 2000 }));
  expect(resumed.cells[0]).toMatchObject({ asked: 6, cached: 2, oldestCachedAt: "1970-01-01T00:00:02.000Z" });
  expect(tally.cells[0]?.asked).toBe(5);
});
