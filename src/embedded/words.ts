import { readFileSync } from "node:fs";
import path from "node:path";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { InputError, packageRoot } from "./ports.ts";

/** A text in a file of words, read as its entries: one a line. */
export const lines = z.string().transform((text) => entries(text, "\n"));

/** A text in a file of words, read as its entries: short ones, between commas. */
export const words = z.string().transform((text) => entries(text, ","));

/**
 * Reads and checks one of the embedded world's files of words, `words/NAME.yaml`: the same path in a clone and in the packed
 * package.
 * @throws InputError naming the file and the field.
 */
export function readWords<T>(name: string, schema: z.ZodType<T>): T {
  const file = path.join(packageRoot(), "src", "embedded", "words", `${name}.yaml`);
  const result = schema.safeParse(parseFile(file));
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new InputError(`${file}: \`${issue.path.join(".") || "the file"}\`: ${issue.message}.`);
}

function parseFile(file: string): unknown {
  try {
    // Errors with a piece of the text would take twice as long as the parsing itself, although there are none.
    return parseYaml(readFileSync(file, "utf8"), { prettyErrors: false });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError(`${file}: cannot be read: ${why}`, { cause: error });
  }
}

function entries(text: string, separator: string): readonly string[] {
  return text
    .split(separator)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}
