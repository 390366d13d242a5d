import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { loadConfig } from "../src/config/load.ts";
import { InputError } from "../src/core/errors.ts";
import { eventProgress } from "../src/core/events.ts";
import type { Stream } from "../src/core/stream.ts";
import { loadRegistries } from "../src/plugins/load-registries.ts";
import type { Experiment } from "../src/run/experiment.ts";
import { planExperiment } from "../src/run/plan.ts";
import { resolveExperiment } from "../src/run/resolve-experiment.ts";
import { packageRoot } from "../src/storage/package-root.ts";
import { testFolder } from "../src/testing/test-folder.ts";
import { drawOf, drawsOf } from "./support/draws.ts";
import { mutatedConfig } from "./support/mutated-config.ts";
import { reviewsCsv, TINY_CONFIG } from "./support/tiny-experiment.ts";

const folder = testFolder({ "reviews.csv": reviewsCsv(60) });
const { registries } = await loadRegistries([]);

/** One with many options. */
const RICH = `${TINY_CONFIG.replace(/methods:[\s\S]*?samples/, "samples")}
methods:
  - { few-shot: { k: 2, exemplars: 10, temperature: 0.7 }, as: shots }
  - nearest-shot: { k: 3 }
  - persona: { personas: 3, personaSource: clusters }
  - persona-placebo: { text: Someone. }
  - mop-cosine: { personas: 3, exemplars: 9, cosineTemperature: 0.2, activePairs: 4, exemplarView: text, keepTexts: false }
  - mop: { personas: 3, exemplars: 9, records: 20, pairs: 4, tau: shared, temperatures: [0.7, 1], penalties: [1, 0.1], heldOut: 0.2 }
  - mop: { objective: mmd, candidates: 9, answers: 4, groupBy: label, mmdPenalties: [1], as: mmd }
primary: kl-cosine
tokenizer: words
prompts: { task: "On {{context}}{{#if label}} ({{label}}){{/if}}", example: "{{#each exemplars}}{{text}}{{/each}}" }
budget: { calls: 100000, tokens: 1e7 }
redact: { countries: [DE, FR] }
cache: { mode: refresh }
maxErrorRate: 0.1
`;

/** Configs of the repository, and what its pages show of configs. */
function seeds(): readonly unknown[] {
  const files = (folder: string, ending: string) =>
    readdirSync(path.join(packageRoot(), folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(ending))
      .map((name) => readFileSync(path.join(packageRoot(), folder, name), "utf8"));
  const pages = [readFileSync(path.join(packageRoot(), "README.md"), "utf8"), ...files("docs", ".md")];
  const blocks = pages.flatMap((page) => [...page.matchAll(/```ya?ml\n([\s\S]*?)```/g)].map(([, block = ""]) => block));
  const small: unknown = parse(TINY_CONFIG);
  const rich: unknown = parse(RICH);
  const shown = blocks.map((block): unknown => parse(block, { logLevel: "silent" })).filter(isMapping);
  // An example shows some keys; the others are the small config's.
  const whole = shown.map((part) => (isMapping(small) ? { ...small, ...part } : part));
  return [
    ...files("configs", ".yaml").map((text): unknown => parse(text)),
    ...whole,
    ...whole.flatMap(() => [small, rich]),
  ];
}

function isMapping(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Loads and resolves; null where the config is refused as it should be. */
async function resolved(): Promise<Experiment | null> {
  try {
    const loaded = await loadConfig("fuzz.yaml", folder, {});
    return await resolveExperiment(loaded, registries, { offline: true }, "0");
  } catch (error) {
    expectSentence(error, /^fuzz\.yaml(:\d+:\d+)?: \S/);
    return null;
  }
}

/** What a wrong config may end with: our error, that says where and what in a few lines. */
function expectSentence(error: unknown, form: RegExp): void {
  if (!(error instanceof InputError)) throw error;
  expect(error.message).toMatch(form);
  expect(error.message.length).toBeLessThan(20_000);
  expect(error.message.split("\n").length).toBeLessThanOrEqual(25);
  expect(error.message).not.toMatch(/\[object |undefined|internal/);
}

/** Whether planning is a matter of a moment: the data are small, and no package or server is looked for. */
function isSmall({ datasets, models, encoders, methods, samples, repeats, concurrency }: Experiment): boolean {
  const cells = datasets.length * models.length * methods.length * repeats;
  const near = [...models, ...encoders].every(({ name }) => name === "embedded" || name === "openai");
  const cheap = datasets.every(({ name }) => name === "file") && samples <= 1e5 && concurrency <= 1e4;
  return cells <= 1000 && near && cheap;
}

async function plan(experiment: Experiment): Promise<void> {
  const signal = new AbortController().signal;
  const environment = { env: {}, cacheDir: path.join(folder, "cache"), progress: eventProgress(() => {}), signal };
  try {
    const { cells } = await planExperiment(experiment, registries, { ...environment, now: () => 0 });
    for (const { samples } of cells) expect(samples).toBeGreaterThan(0);
  } catch (error) {
    expectSentence(error, /\S/);
  }
}

const DRAWS = drawsOf({ quick: 60, full: 1000 });
const PLANS = drawsOf({ quick: 4, full: 100 });

it(`takes or refuses ${DRAWS} mutated configs in a sentence, and plans the first ${PLANS} that it takes`, async () => {
  const born = Object.getOwnPropertyNames(Object.prototype);
  const configs = seeds();
  expect(configs.length).toBeGreaterThan(5);
  let [taken, planned] = [0, 0];
  for (let i = 0; i < DRAWS; i++) {
    const random: Stream = drawOf("config", i);
    const { how, text } = mutatedConfig(random.pick(configs), random);
    writeFileSync(path.join(folder, "fuzz.yaml"), text);
    try {
      const experiment = await resolved();
      if (experiment !== null) taken += 1;
      if (experiment !== null && planned < PLANS && isSmall(experiment)) {
        planned += 1;
        await plan(experiment);
      }
      expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(born);
    } catch (error) {
      throw new Error(`Draw ${i}: ${how}\n${String(text).slice(0, 3000)}`, { cause: error });
    }
  }
  expect(taken).toBeGreaterThan(DRAWS / 20);
  expect(taken).toBeLessThan(DRAWS);
  expect(planned).toBeGreaterThan(0);
}, 240_000);
