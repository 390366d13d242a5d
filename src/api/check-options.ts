import { z } from "zod";
import { issueProblems } from "../config/issues.ts";
import { pathText } from "../config/source.ts";
import { InputError } from "../core/errors.ts";
import { faultsOfShape } from "../plugins/shape.ts";

const isObject = (value: unknown) => typeof value === "object" && value !== null;

export const text = z.string().min(1).optional();
export const flag = z.boolean().optional();
export const seed = z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional();
const listener = z.custom((value) => typeof value === "function", "it must be a function.").optional();
const signal = z.custom((value) => value instanceof AbortSignal, "it must be an AbortSignal.").optional();
export const object = z.custom(isObject, "it must be an object.").optional();
/** A thing as a config names it; what it names is checked where it is read. */
export const named = z.custom(
  (value) => (typeof value === "string" && value !== "") || (isObject(value) && !Array.isArray(value)),
  "it must be a name, or an object with one.",
);
const plugin = z.unknown().superRefine((value, context) => {
  const [fault] = typeof value === "string" && value !== "" ? [] : faultsOfShape(value);
  if (fault !== undefined) context.addIssue({ code: "custom", message: fault });
});

/** Options of every function of the library. */
export const shared = {
  plugins: z.array(plugin).optional(),
  signal,
  env: object,
  cwd: text,
  offline: flag,
};
/** Options of every function that resolves an experiment. */
export const experiment = {
  ...shared,
  seed,
  concurrency: z.int().min(1).max(10_000).optional(),
  cache: flag,
  on: listener,
};

/**
 * Checks the options of a function of the library before it does anything.
 * @throws InputError naming each option that is unknown or wrong, and what is allowed
 */
export function checkOptions(of: string, schema: z.ZodType, options: unknown): void {
  const { error } = schema.safeParse(options);
  if (error === undefined) return;
  const problems = issueProblems(options, error, schema).shown.map(({ path, message }) =>
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
