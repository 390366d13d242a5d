import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { CallError, RunFailedError } from "../../core/errors.ts";
import type { PopulationRecord } from "../../core/record.ts";
import { Stream } from "../../core/stream.ts";
import { methods } from "../../testing/loaded.ts";
import {
  ownerOf,
  personaTexts,
  truePi,
  worldContext,
  worldContexts,
  worldRecords,
  worldWriter,
} from "../../testing/mop-world.ts";
import { loadArtifact } from "../artifact.ts";
import type { FitContext } from "../fit-context.ts";
import { fitMixture } from "../fit-mixture.ts";
import { type FittedOptions, fittedOptions } from "../options.ts";
import type { Population } from "../population.ts";

async function learn(context: FitContext, given: Partial<FittedOptions> = {}, withPool = true): Promise<Population> {
  const personaFile = path.join(context.artifactDir, "three.txt");
  await writeFile(personaFile, personaTexts.join("\n"));
  const base = { objective: "mmd", personaSource: "file", personaFile, exemplars: 60, candidates: 90, answers: 4 };
  const options = fittedOptions.parse({ ...base, ...given });
  return fitMixture(context, "mop", { kind: "learned", options }, withPool);
}

/** Train by the true weights, and a pool out of it that holds too many of the first kind. */
function skewed(): { train: PopulationRecord[]; pool: PopulationRecord[] } {
  const train = worldRecords(1200, Stream.root(6).derive("train"));
  const wanted = [42, 12, 6];
  const pool = train.filter(({ text }) => ownerOf(text) >= 0 && wanted[ownerOf(text)]!-- > 0);
  return { train, pool };
}

const far = (shares: readonly number[], c: number): number =>
  truePi[c]!.reduce((sum, value, i) => sum + Math.abs(shares[i]! - value), 0) / 2;

/** Mean distance of the exemplars' owners to the truth, over contexts. */
function distance(pool: readonly PopulationRecord[], weights: (c: number) => ArrayLike<number>): number {
  return truePi.reduce((sum, _, c) => {
    const shares = [0, 0, 0];
    for (const [j, record] of pool.entries()) shares[ownerOf(record.text)]! += weights(c)[j]!;
    return sum + far(shares, c) / truePi.length;
  }, 0);
}

describe("a mixture by MMD", () => {
  it("brings a skewed pool nearer to the population, context by context, without log-probabilities", async () => {
    const { train, pool } = skewed();
    const context = await worldContext({ train, pool: () => pool, model: worldWriter() });
    const population = await learn(context);
    const weights = (c: number) => population.exemplarWeights!(worldContexts[c]!);
    const before = distance(pool, () => new Float64Array(60).fill(1 / 60));
    expect(before).toBeGreaterThan(0.35);
    expect(distance(pool, weights)).toBeLessThan(0.7 * before);
    for (const c of truePi.keys()) expect(weights(c).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    expect(population.realTextsSeen).toBeLessThanOrEqual(60);
    const { fit, simplex, gate } = await loadArtifact(path.join(context.artifactDir, "mop.json"));
    expect(gate.kind).toBe("simplex");
    expect(simplex?.groups).toEqual(worldContexts.map((asked) => asked.text));
    expect(simplex?.weights).toMatchObject({ rows: 5, cols: 90 });
    expect(fit).toMatchObject({ objective: "mmd", records: 1200 });
    expect(population.summary).toMatch(/held-out MMD².*4 groups of their own; in effect/);
  });

  it("shares one set of weights where a group has too few records, and for contexts not seen", async () => {
    const { train, pool } = skewed();
    const model = worldWriter();
    const population = await learn(await worldContext({ train, pool: () => pool, model }), { groupRecords: 400 });
    expect(model.calls.count).toBe(90 * 4);
    const unseen = { text: "tuesday", label: null };
    await population.prepare([unseen]);
    expect(population.personaWeights(unseen)).toEqual(population.personaWeights(worldContexts[0]!));
    expect(population.draw(unseen, Stream.root(1)).exemplars).toHaveLength(1);
  });

  it("groups by label where told", async () => {
    const records = worldRecords(600, Stream.root(6)).map((r, i) => ({
      ...r,
      context: { ...r.context, label: i % 3 === 0 ? "good" : "bad" },
    }));
    const context = await worldContext({ train: records, pool: () => records.slice(0, 60), model: worldWriter() });
    const population = await learn(context, { groupBy: "label", groupRecords: 150 });
    const { simplex } = await loadArtifact(path.join(context.artifactDir, "mop.json"));
    expect(simplex?.groups).toEqual(["good", "bad"]);
    const elsewhere = { text: "tuesday", label: "bad" };
    expect(population.personaWeights(elsewhere)).toEqual(population.personaWeights({ text: "friday", label: "bad" }));
  });

  it("draws the same from the kept artifact, and takes kept answers instead of asking again", async () => {
    const { train, pool } = skewed();
    const context = await worldContext({ train, pool: () => pool, model: worldWriter() });
    const population = await learn(context, { groupRecords: 400 });
    const file = path.join(context.artifactDir, "mop.json");
    const use = { kind: "learned", options: fittedOptions.parse({ artifact: file }) } as const;
    const again = await fitMixture({ ...context, artifactDir: "/nowhere" }, "mop", use, true);
    const draws = (drawn: Population) =>
      Array.from({ length: 30 }, (_, i) => drawn.draw(worldContexts[1]!, Stream.root(i)));
    expect(draws(again)).toEqual(draws(population));
    await rm(file);
    const silentModel = worldWriter();
    const resumed = await learn({ ...context, model: silentModel }, { groupRecords: 400 });
    expect(silentModel.calls.count).toBe(0);
    expect(draws(resumed)).toEqual(draws(population));
  });

  it("mixes personas alone, as the truth has them", async () => {
    const train = worldRecords(1200, Stream.root(6).derive("train"));
    const population = await learn(await worldContext({ train, model: worldWriter() }), { answers: 40 }, false);
    for (const [c, asked] of worldContexts.entries())
      expect(far([...population.personaWeights(asked)], c)).toBeLessThan(0.2);
    expect(population.realTextsSeen).toBe(0);
  });

  it("lives with single failed answers and gives up when many fail", async () => {
    const { train, pool } = skewed();
    const failing = (every: number) =>
      worldWriter((call) => {
        if (call % every === 0) throw new CallError("timeout", "late");
      });
    const context = await worldContext({ train, pool: () => pool, model: failing(50) });
    await learn(context, { groupRecords: 400 });
    const { fit } = await loadArtifact(path.join(context.artifactDir, "mop.json"));
    expect(fit?.groups).toMatchObject([{ failedAnswers: 7 }]);
    const worse = await worldContext({ train, pool: () => pool, model: failing(5) });
    await expect(learn(worse, { groupRecords: 400 })).rejects.toThrow(RunFailedError);
  });
});

describe("the method's options", () => {
  const make = (options: object) => methods.get("mop").bind(options).create({ id: "mop", baseDir: "/" });

  it("need no log-probabilities, and say what will be asked", async () => {
    const method = await make({ objective: "mmd", candidates: 50, answers: 4, groupRecords: 100 });
    expect(method.needs).toEqual([]);
    const data = { datasetId: "town", train: new Array(450).fill({ context: { text: "", label: null } }) };
    expect(method.cost?.(data)).toMatchObject({ fit: { scored: 0, generated: 5 * 200 } });
  });

  it.each([{ activePairs: 4 }, { tau: "shared" }, { preset: "authors" }])("refuse %o", (given) => {
    expect(() => make({ objective: "mmd", ...given })).toThrow(/does nothing with `objective: mmd`/);
  });
});
