import { z } from "zod";
import { issueProblems } from "../config/issues.ts";
import { pathText } from "../config/source.ts";
import { InputError } from "../core/errors.ts";
import { faultsOfShape } from "../plugins/shape.ts";
import { TOKENIZERS } from "../text/tokenizer.ts";
import type { FitMopOptions } from "./fit-mop.ts";
import type { OpenPopulationOptions } from "./open-population.ts";
import type { RunOptions } from "./run.ts";
import type { ScoreOptions } from "./score.ts";

const isObject = (value: unknown) => typeof value === "object" && value !== null;

const text = z.string().min(1).optional();
const flag = z.boolean().optional();
const seed = z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional();
const listener = z.custom((value) => typeof value === "function", "it must be a function.").optional();
const signal = z.custom((value) => value instanceof AbortSignal, "it must be an AbortSignal.").optional();
const object = z.custom(isObject, "it must be an object.").optional();
/** As a config names things; what it names is checked where it is read. */
const named = z.custom(
  (value) => (typeof value === "string" && value !== "") || (isObject(value) && !Array.isArray(value)),
  "it must be a name, or an object with one.",
);
const plugin = z.unknown().superRefine((value, context) => {
  const [fault] = typeof value === "string" && value !== "" ? [] : faultsOfShape(value);
  if (fault !== undefined) context.addIssue({ code: "custom", message: fault });
});

const shared = {
  plugins: z.array(plugin).optional(),
  signal,
  env: object,
  cwd: text,
  offline: flag,
};
const experiment = { ...shared, seed, concurrency: z.int().min(1).max(10_000).optional(), cache: flag, on: listener };

/** The options of each function of the library. */
const SCHEMAS = {
  run: z.strictObject({
    ...experiment,
    limit: z.int().min(1).optional(),
    only: text,
    out: text,
    resume: text,
    record: text,
    replay: text,
    keepPrompts: flag,
    formats: z.array(z.string()).optional(),
  } satisfies Record<keyof RunOptions, z.ZodType>),
  score: z.strictObject({
    ...shared,
    metrics: z.array(named).optional(),
    encoders: z.array(named).optional(),
    subsamples: z.int().min(0).optional(),
    seed,
    tokenizer: z.enum(TOKENIZERS).optional(),
    allowUnequal: flag,
  } satisfies Record<keyof ScoreOptions, z.ZodType>),
  fitMop: z.strictObject({
    ...experiment,
    mop: object,
    encoder: named.optional(),
    decoding: object,
    prompts: object,
    out: text,
  } satisfies Record<keyof FitMopOptions, z.ZodType>),
  openPopulation: z.strictObject({
    ...experiment,
    data: named.optional(),
  } satisfies Record<keyof OpenPopulationOptions, z.ZodType>),
} as const;

/**
 * Checks the options of a function of the library before it does anything.
 * @throws InputError naming each option that is unknown or wrong, and what is allowed
 */
export function checkOptions(of: keyof typeof SCHEMAS, options: unknown): void {
  const schema = SCHEMAS[of];
  const { error } = schema.safeParse(options);
  if (error === undefined) return;
  const problems = issueProblems(options, error, schema).map(({ path, message }) =>
    path.length === 0 ? `the options: ${message}` : `\`${pathText(path)}\`: ${message}`,
  );
  throw new InputError(`${of}: ${problems.join(" ")}`);
}

/** @throws InputError unless a value is a list of texts; `records`: or of objects that have one */
export function checkTexts(of: string, name: string, value: unknown, { records }: { readonly records: boolean }): void {
  const allowed = `a list of texts${records ? ", or of objects with a `text`" : ""}`;
  if (!Array.isArray(value)) throw new InputError(`${of}: \`${name}\` must be ${allowed}.`);
  const wrong = value.findIndex((one) => !(typeof one === "string" || (records && typeof one?.text === "string")));
  if (wrong >= 0) throw new InputError(`${of}: \`${name}[${wrong}]\` has no text; \`${name}\` must be ${allowed}.`);
}

/** @throws InputError unless a value is a count: a whole number, 0 or more */
export function checkCount(of: string, name: string, value: unknown): void {
  if (!Number.isSafeInteger(value) || Number(value) < 0)
    throw new InputError(`${of}: \`${name}\` is ${String(value)}; allowed: a whole number, 0 or more.`);
}
