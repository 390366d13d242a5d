import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { RunManifest } from "../src/analysis/run-manifest.ts";
import { testFolder } from "../src/testing/test-folder.ts";
import { mopbench } from "./support/cli.ts";
import { reviewsCsv } from "./support/tiny-experiment.ts";

const CONFIG = `name: pools
datasets:
  - file: { path: reviews.csv, text: review, context: topic, label: stars }
models: [embedded:small]
samples: 8
repeats: 1
metrics: [fid]
decoding: { maxTokens: 20 }
`;

let folder = "";
beforeAll(async () => {
  folder = testFolder({ "reviews.csv": reviewsCsv(500) });
});

const config = (name: string, methods: string) => writeFile(path.join(folder, name), `${CONFIG}methods: ${methods}\n`);
const read = (...names: string[]) => readFile(path.join(folder, ...names), "utf8");

/** The size of each method's pool as run.json has it, and what was said on the way. */
async function run(name: string, methods: string) {
  await config(`${name}.yaml`, methods);
  const { code, stdout, stderr } = await mopbench(["run", `${name}.yaml`, "--out", name], folder);
  expect([code, stderr]).toEqual([0, expect.anything()]);
  const manifest: RunManifest = JSON.parse(await read(name, "run.json"));
  return { stdout, stderr, pools: manifest.methods.map(({ id, fits }) => [id, fits[0]?.pool, fits[0]?.realTextsSeen]) };
}

describe("the pools of one tier", () => {
  it("are of the size that one method names", async () => {
    const named = await run(
      "named",
      "[zero-shot, few-shot, nearest-shot, exemplar-placebo, {mop-uniform: {personas: 4, exemplars: 40}}]",
    );
    expect(named.pools).toEqual([
      ["zero-shot", 0, 0],
      ["few-shot", 40, 40],
      ["nearest-shot", 40, 40],
      ["exemplar-placebo", 40, 40],
      ["mop-uniform", 40, 40],
    ]);
    expect(named.stderr).toContain("exemplars: 40, as another method of the run has.");
    expect(await read("named/report/report.md")).not.toContain("different numbers of real texts");
  });

  it("are of the size that an artifact holds", async () => {
    const file = "named/artifacts/reviews/embedded-small/mop-uniform/mop.json";
    const fixed = await run("fixed", `[few-shot, {mop: {artifact: ${file}}}]`);
    expect(fixed.pools).toEqual([
      ["few-shot", 40, 40],
      ["mop", 40, 40],
    ]);
  });

  it("are the default where two methods name different ones, and then the tables say so", async () => {
    const differing = await run(
      "differing",
      "[{few-shot: {exemplars: 30}}, exemplar-placebo, {mop-uniform: {personas: 4, exemplars: 40}}]",
    );
    const said = "(few-shot 30, exemplar-placebo 100, mop-uniform 40)";
    expect(differing.pools.map(([, pool]) => pool)).toEqual([30, 100, 40]);
    for (const text of [
      differing.stdout,
      await read("differing/report/index.html"),
      await read("differing/report/report.md"),
      await read("differing/report/tables.tex"),
    ])
      expect(text).toContain(said);
  });

  it("count in plans and are checked before anything is spent", async () => {
    await config("many.yaml", "[{few-shot: {k: 60}}, {mop-uniform: {personas: 4, exemplars: 40}}]");
    for (const args of [
      ["plan", "many.yaml"],
      ["run", "many.yaml", "--out", "many"],
    ]) {
      const { code, stderr } = await mopbench(args, folder);
      expect([code, stderr]).toEqual([2, expect.stringContaining("`k` is 60 and the pool holds 40 texts")]);
    }
    await expect(read("many/run.json")).rejects.toThrow("ENOENT");
  });

  it("are planned with the texts that another file shows", async () => {
    const tokensIn = async (longest: number) => {
      await writeFile(path.join(folder, "others.txt"), `short\n${"x".repeat(longest)}\n`);
      await config("others.yaml", "[{exemplar-placebo: {path: others.txt}}]");
      const { stdout } = await mopbench(["plan", "others.yaml", "--json", "--quiet"], folder);
      const plan: { models: { generated: number; tokensIn: number }[] } = JSON.parse(stdout);
      return plan.models[0]!.tokensIn / plan.models[0]!.generated;
    };
    expect((await tokensIn(3000)) - (await tokensIn(1000))).toBe(2000);
  });
});
