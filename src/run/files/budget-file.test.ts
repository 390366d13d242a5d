import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { InputError } from "../../core/errors.ts";
import { seeded, testRun } from "../../testing/experiment.ts";
import { testFolder } from "../../testing/test-folder.ts";
import { BudgetFile } from "./budget-file.ts";
import { ManifestFile } from "./manifest.ts";

afterEach(() => vi.restoreAllMocks());

const spent = (calls: number) => ({ calls, tokens: 100 * calls, usd: 0.5 * calls });
const fileOf = (dir: string) => new BudgetFile({ dir, shown: "r", previous: null }, "mine", true);

it("keeps what comes last, however many ask while it writes", async () => {
  const folder = testFolder();
  const file = fileOf(folder);
  const { runId, ledger } = await file.begin("first");
  await Promise.all(Array.from({ length: 50 }, (_, i) => ledger?.(spent(i + 1))));
  expect(runId).toBe("first");
  expect(await fileOf(folder).begin("second")).toMatchObject({ runId: "first", spent: { atMost: spent(50) } });
  void file.keep(spent(51));
  void file.keep(spent(52));
  await file.written();
  expect((await fileOf(folder).begin("second")).spent.atMost).toEqual(spent(52));
});

const BUDGET = { calls: 15 };

/** Runs 20 calls under a budget, or goes on. @returns how many were made */
async function go(folder: { out: string } | { resume: string }, budget: object = BUDGET, dies = false) {
  let asked = 0;
  if (dies) {
    // What a kill leaves: nothing is written at the end.
    const { write } = ManifestFile.prototype;
    vi.spyOn(ManifestFile.prototype, "write").mockImplementation(async function (this: ManifestFile, layers, exit) {
      if (exit === null && asked === 0) await write.call(this, layers, exit);
    });
  }
  const running = testRun({
    run: folder,
    world: {
      answer: (request) => {
        asked += 1;
        return seeded(request);
      },
    },
    config: { methods: ["plain"], repeats: 1, budget },
    overrides: { concurrency: 1 },
  });
  const error = await running.then(
    () => null,
    (failure: unknown) => failure,
  );
  vi.restoreAllMocks();
  return { asked, error };
}

/** A run that was killed when its budget was spent, and run.json knew of no call. */
async function killed() {
  const root = testFolder();
  const dir = path.join(root, "run");
  const { asked } = await go({ out: dir }, BUDGET, true);
  expect(asked).toBe(15);
  return { root, dir, file: path.join(dir, "budget.json") };
}

describe("a run with a budget that was killed", () => {
  it("asks nothing more where all is used, and as much as a raised budget lets it", async () => {
    const { dir } = await killed();
    expect((await go({ resume: dir })).asked).toBe(0);
    const raised = await go({ resume: dir }, { calls: 18 });
    expect(raised.asked).toBe(3);
    expect(String(raised.error)).toMatch(/18 of 18 calls are used/);
  });

  it.each([
    ["empty", "damaged", (file: string) => writeFile(file, "")],
    ["changed", "damaged", async (file: string) => writeFile(file, (await readFile(file, "utf8")).replace("15", "10"))],
    ["gone", "missing", (file: string) => rm(file)],
    ["a folder", "damaged", (file: string) => rm(file).then(() => mkdir(file))],
    [
      "that of another run of the same config",
      "another run's",
      async (file: string) => {
        const other = path.join(path.dirname(path.dirname(file)), "other");
        await go({ out: other });
        await writeFile(file, await readFile(path.join(other, "budget.json")));
      },
    ],
  ])("is refused with what to do where budget.json is %s", async (_, what, damage) => {
    const { dir, file } = await killed();
    await damage(file);
    for (let i = 0; i < 2; i++) {
      const { asked, error } = await go({ resume: dir }, { calls: 100 });
      expect(error).toBeInstanceOf(InputError);
      expect(String(error)).toMatch(
        new RegExp(
          `budget\\.json is ${what}, .*; put it back, take \`budget\` out of the config .*, or start anew with --out`,
        ),
      );
      expect(asked).toBe(0);
    }
    const without = await go({ resume: dir }, {});
    expect(without.error).toBeNull();
  });
});

it("may be missing where the run had no budget before", async () => {
  const dir = path.join(testFolder(), "run");
  await go({ out: dir }, {});
  expect(await go({ resume: dir }, { calls: 30 })).toEqual({ asked: 0, error: null });
  await rm(path.join(dir, "budget.json"));
  expect(String((await go({ resume: dir }, { calls: 30 })).error)).toMatch(/budget\.json is missing/);
});

it("is refused where it is damaged before there is a run.json, and stays", async () => {
  const dir = testFolder({ "budget.json": "" });
  for (let i = 0; i < 2; i++) expect(String((await go({ resume: dir })).error)).toMatch(/budget\.json is damaged/);
});
