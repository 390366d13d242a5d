import path from "node:path";
import { z } from "zod";
import { pathText, shortText } from "../config/bounds.ts";
import { InputError } from "../core/errors.ts";
import { delimiterOf, delimiterSchema } from "../storage/tables/delimiter.ts";
import { readRows } from "../storage/tables/table.ts";
import { defineMethod, type MadeText, type Method, type MethodEnvironment } from "./method.ts";

const options = z.strictObject({
  path: pathText.describe("CSV, TSV, JSONL, JSON, Parquet or plain lines, by extension."),
  format: z
    .enum(["csv", "tsv", "jsonl", "json", "parquet", "lines"])
    .optional()
    .describe("Format, whatever the extension."),
  delimiter: delimiterSchema.optional(),
  text: shortText.default("text").describe("Column of the texts."),
  context: shortText.optional().describe("Column of what each text answers."),
  label: shortText.optional().describe("Column of the class label."),
  model: shortText.nullable().default(null).describe("The model that is said to have written them."),
});

/** A synthetic set made elsewhere stands in the table as a method; no model is called. */
export const texts = defineMethod({
  summary: "Texts made elsewhere, read from a file; no model is called.",
  notes: {
    "needs of the model": "no model",
    "real texts": "unknown",
    source: "`{texts: {path, text, model, as}}`",
  },
  options,
  shorthand: (file) => ({ path: file }),
  id: (given) => path.parse(given.path).name,
  create: (given, { baseDir }: MethodEnvironment): Method => ({
    name: "texts",
    needs: [],
    sees: "unknown; texts made elsewhere",
    madeElsewhere: { model: given.model, load: (onNote) => readTexts(given, baseDir, onNote) },
    fit: async () => {
      throw new InputError(`\`texts\` has no prompts to draw: its texts are read from ${given.path}.`);
    },
  }),
});

/**
 * The rows of the file, in order; a row without text (null or white space only) is an error, since leaving it out would hide it.
 * @throws InputError as `readRows`, and for values that are not text, naming the row.
 */
export async function readTexts(
  given: z.infer<typeof options>,
  baseDir: string,
  onNote: (message: string) => void = () => {},
): Promise<readonly MadeText[]> {
  const columns = [given.text, given.context, given.label].filter((name) => name !== undefined);
  const reading = {
    columns,
    onNote,
    ...(given.format === undefined ? {} : { format: given.format }),
    ...(given.delimiter === undefined ? {} : { delimiter: delimiterOf(given.delimiter) }),
  };
  const made: MadeText[] = [];
  for await (const { where, values } of readRows(path.resolve(baseDir, given.path), reading)) {
    const text = cellText(values[given.text], where, given.text);
    if (text === null || text.trim() === "") throw new InputError(`${where}: \`${given.text}\` is empty.`);
    made.push({
      text,
      context: given.context === undefined ? null : cellText(values[given.context], where, given.context),
      label: given.label === undefined ? null : cellText(values[given.label], where, given.label),
    });
  }
  return made;
}

function cellText(value: unknown, where: string, column: string): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
  throw new InputError(`${where}: \`${column}\` holds no text.`);
}
