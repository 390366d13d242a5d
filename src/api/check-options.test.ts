import { describe, expect, it } from "vitest";
import { InputError } from "../core/errors.ts";
import { eager } from "../core/lazy-registry.ts";
import { datasetOf } from "../data/dataset-of.ts";
import { scriptedModel } from "../testing/scripted-model.ts";
import { fitMop } from "./fit-mop.ts";
import { openPopulation } from "./open-population.ts";
import { run } from "./run.ts";
import { score } from "./score.ts";

/** Calls with arguments as a program in JavaScript may give them, which no compiler has seen. */
const calling = (of: (...values: never[]) => unknown, ...values: readonly unknown[]): unknown =>
  Reflect.apply(of, undefined, values);

/** @returns the message of the InputError that a call ends with */
async function refusal(call: () => unknown): Promise<string> {
  const error: unknown = await (async () => call())().then(
    () => "nothing was thrown",
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  return error instanceof Error ? error.message : "";
}

const texts = ["one text", "another text", "a third"];
const sets = { gold: texts, synthetic: texts };
const config = { datasets: ["townsquare"], models: ["embedded:small"], methods: ["zero-shot"], metrics: ["distinct"] };
const generate = (): null => null;
const model = scriptedModel({ generate: () => "an answer" });
const shared: readonly (readonly [object, string])[] = [
  [{ sed: 1 }, "`sed`: unknown key. Did you mean `seed`?"],
  [{ seed: 1.5 }, "`seed`: found 1.5; allowed: a whole number."],
  [{ seed: Number.NaN }, "`seed`: found NaN; allowed: a number."],
  [{ seed: null }, "`seed`: found null"],
  [{ signal: {} }, "`signal`: it must be an AbortSignal."],
  [{ env: 3 }, "`env`: it must be an object."],
  [{ cwd: 3 }, "`cwd`: found 3; allowed: a text."],
  [{ plugins: [{}] }, "`plugins[0]`: `name`"],
  [{ plugins: [7] }, "`plugins[0]`: it is no plug-in: make it with definePlugin"],
  [{ plugins: [{ name: "a", version: "1", metric: [] }] }, "`plugins[0]`: it has a key `metric`; a plug-in has name, "],
  [{ plugins: [{ name: "a", version: "1", metrics: {} }] }, "`plugins[0]`: `metrics`"],
  [{ plugins: {} }, "`plugins`: found a mapping with no keys; allowed: a list."],
];
const ofRuns: readonly (readonly [object, string])[] = [
  ...shared,
  [{ concurrency: 0 }, "`concurrency`: found 0; allowed: at least 1."],
  [{ on: "all" }, "`on`: it must be a function."],
  [{ cache: "off" }, '`cache`: found "off"; allowed: true or false.'],
];

describe("wrong options are an InputError that names them", () => {
  it.each([
    ...ofRuns,
    [{ limit: -3 }, "`limit`: found -3; allowed: at least 1."],
    [{ formats: "html" }, '`formats`: found "html"; allowed: a list.'],
    [{ formats: ["pdf"] }, "Unknown format `pdf`."],
    [{ only: 3 }, "`only`: found 3; allowed: a text."],
  ] as const)("run %j", async (options, message) => {
    expect(await refusal(() => calling(run, config, options))).toContain(message);
  });

  it.each([
    ...shared,
    [{ subsamples: -1.5 }, "`subsamples`"],
    [{ subsamples: 1e9 }, "`subsamples`: found 1000000000; allowed: at most 10000."],
    [{ metrics: [] }, "`metrics`: found an empty list; allowed: at least 1 item."],
    [{ tokenizer: "letters" }, '`tokenizer`: found "letters"; allowed: "whitespace", "words".'],
    [{ metrics: "fid" }, '`metrics`: found "fid"; allowed: a list.'],
    [{ metrics: [3] }, "`metrics[0]`: it must be a name, or an object with one."],
    [{ encoders: [null] }, "`encoders[0]`: it must be a name, or an object with one."],
    [{ metrics: ["fid"], encoders: ["embedded:lsa", "embedded:lsa"] }, "two encoders have the id `embedded:lsa`"],
  ] as const)("score %j", async (options, message) => {
    expect(await refusal(() => calling(score, sets, options))).toContain(message);
  });

  it.each([
    ...ofRuns,
    [{ limit: 3 }, "`limit`: unknown key."],
    [{ mop: 3 }, "`mop`: it must be an object."],
    [{ encoder: 3 }, "`encoder`: it must be a name, or an object with one."],
  ] as const)("fitMop %j", async (options, message) => {
    expect(await refusal(() => calling(fitMop, "townsquare", model, options))).toContain(message);
  });

  it.each([...ofRuns, [{ data: 3 }, "`data`: it must be a name"]] as const)(
    "openPopulation %j",
    async (options, message) => {
      expect(await refusal(() => calling(openPopulation, "none.json", model, options))).toContain(message);
    },
  );

  it.each([
    [{ generate }, "no proper `id`, `can`, `description`: a BaseModel has an `id`"],
    [{ id: "x", can: {}, generate }, "no proper `description`:"],
  ] as const)("a model that lacks what every model has: %j", async (lacking, message) => {
    expect(await refusal(() => calling(fitMop, "townsquare", lacking, {}))).toContain(message);
  });

  it.each([
    ["run", () => calling(run, config, null)],
    ["score", () => calling(score, sets, null)],
    ["fitMop", () => calling(fitMop, "townsquare", model, null)],
    ["openPopulation", () => calling(openPopulation, "none.json", model, null)],
  ] as const)("%s: no options at all", async (of, call) => {
    expect(await refusal(call)).toMatch(new RegExp(`^${of}: the options: found null`));
  });
});

describe("what is no input at all is an InputError too", () => {
  const endless: { self?: object } = {};
  endless.self = endless;
  const record = { id: "a", context: { text: "", label: null }, text: "hello" };

  it.each([
    ["no config", () => calling(run, undefined), "The config is undefined: give a file's path"],
    ["a config that is a number", () => calling(run, 3), "The config is 3: give a file's path"],
    ["a config that is no JSON", () => calling(run, endless), "The config cannot be written as JSON"],
    ["a config from elsewhere", () => calling(run, new URL("https://example.org/a.yaml")), "is no file"],
    ["no sets", () => calling(score, undefined), "score: what is scored must be an object"],
    ["a set of another name", () => calling(score, { ...sets, exemplar: [] }), "Did you mean `exemplars`?"],
    ["one text as gold", () => calling(score, { ...sets, gold: "a" }), "score: `gold` must be a list of texts"],
    ["a text that is none", () => calling(score, { ...sets, synthetic: ["a", {}] }), "`synthetic[1]` has no text"],
    ["a text that is null", () => calling(score, { ...sets, gold: [null] }), "`gold[0]` has no text"],
    ["exemplars", () => calling(score, { ...sets, exemplars: [{ text: "a" }] }), "`exemplars[0]` has no text"],
    ["no data", () => calling(fitMop, undefined, model), "The data is undefined: give a name as in a config"],
    ["no model", () => calling(fitMop, "townsquare", null), "The model is null: give a name as in a config"],
    [
      "records without text",
      () => calling(fitMop, { id: "x", records: [record, { id: "b" }] }, model),
      "Dataset x: `records`[1]",
    ],
    [
      "records without context",
      () => calling(datasetOf, { id: "x", records: [{ ...record, context: "a" }] }),
      "[0] is no record",
    ],
    [
      "a test that is no list",
      () => calling(datasetOf, { id: "x", records: [record], test: 3 }),
      "Dataset x: `test` must be",
    ],
    ["records without id", () => calling(datasetOf, { records: [record] }), "needs an `id`"],
    ["no artifact", () => calling(openPopulation, undefined, model), "the artifact must be the path of a mop.json"],
  ] as const)("%s", async (_what, call, message) => {
    expect(await refusal(call)).toContain(message);
  });

  it("while plug-ins, signals and listeners that are some are taken as they are", async () => {
    const plugins = [{ name: "mine", version: "1", formats: [eager("x", { file: "x.txt", render: () => "" })] }];
    const { signal } = new AbortController();
    expect(await score(sets, { plugins, signal, metrics: ["distinct"], env: {}, seed: undefined })).not.toEqual([]);
  });
});
