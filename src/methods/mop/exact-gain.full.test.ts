import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { silent } from "../../core/progress.ts";
import { contextKey, type PopulationRecord } from "../../core/record.ts";
import { Stream } from "../../core/stream.ts";
import type { Dataset } from "../../datasets/dataset.ts";
import { townsquareDataset } from "../../datasets/townsquare/townsquare.ts";
import { embedded as embeddedEncoder } from "../../encoders/embedded.ts";
import type { Encoder } from "../../encoders/encoder.ts";
import { embedded as embeddedModel } from "../../models/embedded/embedded.ts";
import type { BaseModel } from "../../models/model.ts";
import { createRenderer } from "../../prompts/render.ts";
import type { FitContext } from "../method.ts";
import { type Artifact, loadArtifact } from "./artifact.ts";
import { fitMixture } from "./fit-mixture.ts";
import { type FittedOptions, fittedOptions } from "./options.ts";
import { exactGains } from "./test-exact-gain.ts";

/*
 * Fits on townsquare against an exact table: all 6000 pairs of 800 reserve records, 4.8 million scores of embedded:small. Only
 * the artifact and its report come from the program; what a mixture is worth is summed up plainly.
 */

const [K, N, RESERVE, RECORDS] = [20, 300, 800, 400];
const environment = { env: {}, baseDir: tmpdir(), offline: true, cacheDir: tmpdir() };

let folder = "";
let dataset: Dataset;
let model: BaseModel;
let encoder: Encoder;
let table: { readonly context: PopulationRecord["context"]; readonly pairs: Float32Array }[];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "mopbench-exact-"));
  dataset = await townsquareDataset.bind({}).create({ ...environment, id: "townsquare" });
  const { background } = dataset.parts;
  model = await embeddedModel
    .bind({ size: "small" })
    .create({ ...environment, id: "embedded:small", dataset: "townsquare", background });
  encoder = await embeddedEncoder
    .bind({ name: "lsa" })
    .create({ ...environment, id: "embedded:lsa", background, storeDir: null, planning: false });
  // Personas depend on neither seed nor records: a fit of a step gives them.
  const { personas } = await learn(0, { maxSteps: 1, records: 40 });
  table = await scoreAll(
    dataset.parts.reserve.slice(0, RESERVE),
    personas.map(({ text }) => text),
  );
}, 1_800_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

async function scoreAll(records: readonly PopulationRecord[], personas: readonly string[]) {
  const prompts = await createRenderer(dataset.card.prompts);
  const pool = dataset.pool(N);
  const found = records.map(({ context }) => ({ context, pairs: new Float32Array(K * N) }));
  for (let pair = 0; pair < K * N; pair++) {
    const made = new Map<string, ReturnType<typeof prompts.render>>();
    for (const [i, { context, text }] of records.entries()) {
      const key = contextKey(context);
      const prompt =
        made.get(key) ??
        prompts.render({ context, persona: personas[Math.floor(pair / N)]!, exemplars: [pool[pair % N]!] });
      made.set(key, prompt);
      found[i]!.pairs[pair] = (await model.score!({ prompt, continuation: text })).total;
    }
  }
  return found;
}

async function learn(seed: number, given: Partial<FittedOptions>): Promise<Artifact> {
  const artifactDir = await mkdtemp(path.join(folder, "fit-"));
  const context: FitContext = {
    datasetId: "townsquare",
    locator: {},
    train: dataset.parts.train,
    pool: dataset.pool.bind(dataset),
    model,
    encoder,
    prompts: await createRenderer(dataset.card.prompts),
    decoding: { temperature: 1, topP: 1, maxTokens: 120 },
    random: Stream.root(seed).derive("fit", "townsquare", "embedded:small", "mop"),
    artifactDir,
    baseDir: artifactDir,
    concurrency: 1,
    progress: silent,
  };
  const options = fittedOptions.parse({ personas: K, exemplars: N, records: RECORDS, ...given });
  await fitMixture(context, "mop", { kind: "learned", options }, true);
  return loadArtifact(path.join(artifactDir, "mop.json"));
}

const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
const numberOf = ({ fit: report }: Artifact, name: string): number => Number(report?.[name]);

describe("the gain that a fit reports, against all pairs of other people's records", () => {
  it("is held by its interval in 17 of 20 fits, without a bias that counts, and no fit is thrown away", async () => {
    const fits: { readonly gain: number; readonly low: number; readonly high: number; readonly exact: number }[] = [];
    for (let seed = 1; seed <= 20; seed++) {
      const artifact = await learn(seed, {});
      fits.push({
        gain: numberOf(artifact, "gain"),
        low: numberOf(artifact, "gainLow"),
        high: numberOf(artifact, "gainHigh"),
        exact: mean(exactGains(artifact, table)),
      });
    }
    const median = fits.map(({ low, high }) => high - low).sort((a, b) => a - b)[10]!;
    const shown = fits.map(({ gain, low, high, exact }) =>
      [gain, low, high, exact].map((value) => value.toFixed(3)).join(" "),
    );
    console.log(`gain, interval, exact:\n${shown.join("\n")}\nmedian width ${median.toFixed(3)}`);
    console.log(`mean gain ${mean(fits.map(({ gain }) => gain))}, exact ${mean(fits.map(({ exact }) => exact))}`);
    expect(fits.filter(({ low, high, exact }) => low <= exact && exact <= high).length).toBeGreaterThanOrEqual(17);
    // Cross-fitted gates have seen six sevenths of the records; the rest of the difference is the sample of pairs.
    expect(Math.abs(mean(fits.map(({ gain, exact }) => gain - exact)))).toBeLessThan(0.04);
    expect(median).toBeLessThan(0.25);
    // What selection is worth: none keeps uniform weights, and what is kept gains.
    expect(fits.every(({ gain }) => gain !== 0)).toBe(true);
    expect(Math.min(...fits.map(({ exact }) => exact))).toBeGreaterThan(0.05);
    expect(mean(fits.map(({ exact }) => exact))).toBeGreaterThan(0.12);
  });

  it("has the right sign and size where M pairs are drawn from", async () => {
    for (const given of [
      { activePairs: 4, fallback: false },
      { preset: "authors", tau: "fixed", temperature: 1 },
    ] as const) {
      const artifact = await learn(7, given);
      const gains = exactGains(artifact, table);
      const exact = mean(gains);
      const error = Math.sqrt(mean(gains.map((value) => (value - exact) ** 2)) / gains.length);
      const reach = (numberOf(artifact, "gainHigh") - numberOf(artifact, "gainLow")) / 2;
      console.log(
        `M = 4: ${numberOf(artifact, "gain").toFixed(3)} +- ${reach.toFixed(3)}, exact ${exact.toFixed(3)} +- ${error.toFixed(3)}`,
      );
      expect(exact).toBeLessThan(0);
      expect(Math.abs(numberOf(artifact, "gain") - exact)).toBeLessThan(reach + 2 * error);
    }
  });
});
