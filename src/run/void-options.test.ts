import { describe, expect, it } from "vitest";
import { resolveList } from "../config/named.ts";
import { ConfigSource } from "../config/source.ts";
import type { Definition } from "../core/definition.ts";
import { InputError } from "../core/errors.ts";
import type { LazyRegistry } from "../core/lazy-registry.ts";
import { builtInRegistries } from "../plugins/built-in.ts";

const registries = builtInRegistries();

/** What a config's list of one thing says of it; null where nothing is wrong. */
async function problemOf<E, T>(registry: LazyRegistry<Definition<E, T>>, written: string): Promise<string | null> {
  const source = new ConfigSource("c.yaml", `list:\n  - ${written}\n`, {});
  const { value } = source;
  const list: unknown = typeof value === "object" && value !== null ? Reflect.get(value, "list") : null;
  if (!Array.isArray(list)) throw new Error(`${written} is no item of a list.`);
  try {
    await resolveList(source, registry, list, ["list"]);
    return null;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

const LIKELIHOOD =
  "activePairs: 4, exemplarView: text, labelInContext: false, preset: authors, pairs: 8, uniformShare: 0.1, refinePairs: 4, scoreEnd: never, lengthNormalized: true, contextConstant: false, rank: 8, learningRate: 0.01, batch: 8, maxSteps: 10, evaluateEvery: 5, patience: 2, penalties: [1], renormalize: false, fallback: true, gateNoise: learned, exemplarMask: 0.1, tau: shared, temperatures: [1, 2], tauRecords: 10";
const MMD = "candidates: 10, answers: 4, groupBy: label, groupRecords: 20, mmdPenalties: [1]";
const MIXTURE = "personas: 4, exemplars: 10, temperature: 1, keepTexts: false, personaSource: file, personaFile: p.txt";

/** A name, what makes options of it void, the options, and what it is said to be. */
const METHODS: readonly (readonly [name: string, beside: string, options: string, by: string])[] = [
  [
    "mop",
    "artifact: a.json",
    `${MIXTURE}, ${LIKELIHOOD}, objective: likelihood, records: 20, heldOut: 0.2`,
    "`artifact`",
  ],
  ["mop", "artifact: a.json", MMD, "`artifact`"],
  ["mop-uniform", "artifact: a.json", MIXTURE, "`artifact`"],
  [
    "mop-cosine",
    "artifact: a.json",
    `${MIXTURE}, activePairs: 4, cosineTemperature: 1, exemplarView: text`,
    "`artifact`",
  ],
  ["mop-random-persona", "artifact: a.json", "personas: 4, rank: 8", "`artifact`"],
  ["mop", "objective: mmd", LIKELIHOOD, "`objective: mmd`"],
  ["mop", "objective: likelihood", MMD, "`objective: likelihood`"],
  ["mop", "tau: fixed", "temperatures: [1, 2], tauRecords: 9", "`tau: fixed`"],
  ["mop", "pairs: 8", "temperatures: [1, 2], tauRecords: 9", "`tau: fixed`"],
  ["mop", "pairs: 8", "renormalize: false", "`activePairs: null`"],
  ["mop", "personaSource: model", "personaFile: p.txt", "`personaSource: model`"],
  [
    "mop-no-exemplar",
    "pairs: 8",
    "exemplars: 5, exemplarView: text, exemplarMask: 0.1, keepTexts: false",
    "a method that shows no exemplar",
  ],
  ["persona", "personas: 4", "personaFile: p.txt", "`personaSource: clusters`"],
  ["few-shot", "temperatureOf: a.json", "temperature: 1", "`temperatureOf`"],
  ["exemplar-placebo", "exemplars: 4", "text: body", "`path: null`"],
  ["persona-hub", "path: p.txt", "column: who", "a file of plain lines"],
];

const MODELS: typeof METHODS = [
  ["openai", "model: m, scoring: none", "endToken: x, bosToken: x", "`scoring: none`"],
  ["huggingface", "model: m", "endToken: x, scoring: prefill", "no `endpointUrl`"],
  ["huggingface", "model: m, endpointUrl: 'http://localhost:1'", "provider: together", "`endpointUrl`"],
  ["huggingface", "model: m, endpointUrl: 'http://localhost:1', scoring: none", "endToken: x", "`scoring: none`"],
  ["transformers", "path: folder", "revision: main", "`path`"],
];

const ENCODERS: typeof METHODS = [
  ["huggingface", "model: m, endpointUrl: 'http://localhost:1'", "provider: together", "`endpointUrl`"],
  ["transformers", "path: folder", "revision: main", "`path`"],
];

const DATASETS: typeof METHODS = [["file", "path: a.csv", "labels: { a: b }", "`label: null`"]];

/** Each option of a list such as "a: 1, b: [2, 3]". */
function each(options: string): readonly string[] {
  return options.split(/, (?=\w+: )/);
}

describe("an option that another one makes void is an error that names both", () => {
  const cases = [
    ...METHODS.map((row) => [registries.methods, ...row] as const),
    ...MODELS.map((row) => [registries.models, ...row] as const),
    ...ENCODERS.map((row) => [registries.encoders, ...row] as const),
    ...DATASETS.map((row) => [registries.datasets, ...row] as const),
  ].flatMap(([registry, name, beside, options, by]) =>
    each(options).map((option) => ({ registry, name, beside, option, by })),
  );

  it.each(cases)("$name: { $beside, $option }", async ({ registry, name, beside, option, by }) => {
    const key = option.slice(0, option.indexOf(":"));
    const message = await problemOf<never, unknown>(registry, `${name}: { ${beside}, ${option} }`);
    expect(message?.split("\n")[0]).toMatch(/^c\.yaml:2:\d+: list\[0\]\./);
    expect(message).toContain(`.${key}: \`${key}\` does nothing with ${by}`);
  });

  it.each(
    [...new Set(cases.map(({ name, beside }) => `${name}: { ${beside} }`))].map((written) => {
      const { registry } = cases.find(({ name, beside }) => written === `${name}: { ${beside} }`)!;
      return { written, registry };
    }),
  )("$written alone is none", async ({ written, registry }) => {
    expect(await problemOf<never, unknown>(registry, written)).toBeNull();
  });
});
