import { readFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { InputError } from "../core/errors.ts";
import { Stream } from "../core/stream.ts";
import { datasetOf } from "../data/dataset-of.ts";
import { worldModel, worldRecords } from "../testing/mop-world.ts";
import { testFolder } from "../testing/test-folder.ts";
import { fitMop } from "./fit-mop.ts";
import { openPopulation } from "./open-population.ts";

const dataset = datasetOf({ id: "world", records: worldRecords(500, Stream.root(5).derive("train")) });
const mop = { personas: 3, exemplars: 40, records: 80, pairs: 8, maxSteps: 40, penalties: [0.3] };
const folder = testFolder();
const options = { mop, seed: 4, cwd: folder, cache: false, env: {} };
let artifact = "";

beforeAll(async () => {
  ({ artifact } = await fitMop(dataset, worldModel(), options));
});

describe("fitMop", () => {
  it("fits data and a model that are there, and keeps the artifact", async () => {
    expect(artifact).toBe(path.join(folder, "fits", "world", "mop.json"));
    const stored = JSON.parse(await readFile(artifact, "utf8"));
    expect(stored.personas).toHaveLength(3);
    expect(stored.dataset.id).toBe("world");
  });

  it("asks nothing again where the fit is finished", async () => {
    let calls = 0;
    const model = worldModel(() => void calls++);
    const again = await fitMop(dataset, model, options);
    expect(again.artifact).toBe(artifact);
    expect(calls).toBe(0);
    expect(again.report).not.toBeNull();
  });

  it("says what is wrong with options before a model is asked", async () => {
    const wrong = fitMop(dataset, worldModel(), { ...options, mop: { persona: 3 }, out: "other" });
    await expect(wrong).rejects.toThrow(/Did you mean `personas`\?/);
    await expect(wrong).rejects.toThrow(InputError);
  });
});

describe("openPopulation", () => {
  it("draws members by their weights and gives their answers, the same again for the same seed", async () => {
    const ask = async (seed: number) => {
      const population = await openPopulation(artifact, worldModel(), { seed, cache: false, env: {} });
      const answers = [...(await population.sample(12)), ...(await population.sample(3))];
      await population.close();
      return answers;
    };
    const answers = await ask(1);
    expect(answers.map(({ index }) => index)).toEqual(Array.from({ length: 15 }, (_, i) => i));
    for (const { persona, exemplars, text } of answers) {
      expect(persona).toMatch(/^p\d$/);
      expect(exemplars).toHaveLength(1);
      expect(text).not.toBe("");
      expect(text).not.toBeNull();
    }
    expect(await ask(1)).toEqual(answers);
    expect(await ask(2)).not.toEqual(answers);
  });

  it("answers what it is asked, and refuses what it was not fitted on", async () => {
    const population = await openPopulation(artifact, worldModel(), { cache: false, env: {} });
    const monday = { text: "monday", label: null };
    expect((await population.sample(3, [monday])).map(({ context }) => context)).toEqual([monday, monday, monday]);
    await expect(population.sample(1, [{ text: "never", label: null }])).rejects.toThrow(/does not know the context/);
    for (const n of [-1, 1.5, Number.NaN]) {
      const wrong = population.sample(n);
      await expect(wrong).rejects.toThrow(InputError);
      await expect(wrong).rejects.toThrow(`\`n\` is ${n}; allowed: a whole number, 0 or more`);
    }
    const untyped: Promise<unknown> = Reflect.apply(population.sample, population, [1, ["monday"]]); // as JavaScript may
    await expect(untyped).rejects.toThrow(InputError);
    await population.close();
    await population.close();
    const late = population.sample(1);
    await expect(late).rejects.toThrow(InputError);
    await expect(late).rejects.toThrow("the population is closed");
  });
});
