import { InputError } from "../core/errors.ts";
import type { JsonObject } from "../core/hash.ts";
import type { PopulationRecord } from "../core/record.ts";
import { defaultTemplates } from "../prompts/defaults.ts";
import type { PromptTemplates } from "../prompts/prompt.ts";
import type { Dataset, NearCopies } from "./dataset.ts";
import { partChecksums, splitRecords, uniformPool } from "./parts.ts";

/** Records and what is known of them. */
export interface Records {
  /** The id of rows. */
  readonly id: string;
  /** @default id */
  readonly title?: string;
  /** @default title */
  readonly summary?: string;
  /** All records, or those of the source's own train split. Ids must differ. */
  readonly records: readonly PopulationRecord[];
  /** The source's own test split: gold and reserve come from it alone. @default none */
  readonly test?: readonly PopulationRecord[] | null;
  /** The parts are a function of the records and this number. @default 0 */
  readonly splitSeed?: number;
  /** @default plain wording that fits any short text */
  readonly prompts?: PromptTemplates;
  /** For run.json and mop.json: how to find the same data again, beside the parts' checksums. */
  readonly locator?: JsonObject;
  /** What a user should know of the loading, said once. @param copies what the split found of near-copies */
  readonly notes?: (copies: NearCopies | null) => readonly string[];
}

/**
 * A data set out of records: split into the four disjoint parts with near-copies kept together, its exemplar pool drawn uniformly.
 * @throws InputError for things that are no records, for equal ids, and where there are too few different texts for every part to have one
 * @example
 * datasetOf({ id: "notes", records: texts.map((text, i) => ({ id: String(i), context: { text: "", label: null }, text })) })
 */
export function datasetOf(given: Records): Dataset {
  const { id, title = id, summary = title, records, test = null, splitSeed = 0 } = given;
  if (typeof id !== "string" || id === "") throw new InputError("A data set out of records needs an `id`: a text.");
  checkRecords(records, `${id}: \`records\``);
  if (test !== null) checkRecords(test, `${id}: \`test\``);
  const { parts, nearCopies } = splitRecords({ records, test }, splitSeed, id);
  return {
    id,
    card: {
      name: id,
      title,
      summary,
      source: "file",
      revision: null,
      license: "not stated: a file of the user's own",
      language: "not stated",
      prompts: given.prompts ?? defaultTemplates,
    },
    parts,
    nearCopies,
    pool: uniformPool(parts.train, splitSeed),
    truth: null,
    locator: { ...given.locator, parts: partChecksums(parts) },
    ...(given.notes === undefined ? {} : { notes: given.notes(nearCopies) }),
  };
}

/** Records come from programs too, which no compiler may have seen. */
function checkRecords(records: unknown, where: string): void {
  const shape = "{ id, context: { text, label }, text }, the label a text or null";
  if (!Array.isArray(records)) throw new InputError(`Dataset ${where} must be a list of ${shape}.`);
  const wrong = records.findIndex((record) => !isRecord(record));
  if (wrong >= 0) throw new InputError(`Dataset ${where}[${wrong}] is no record: it must be ${shape}.`);
}

function isRecord(record: Partial<PopulationRecord> | null | undefined): boolean {
  if (typeof record?.id !== "string" || typeof record.text !== "string") return false;
  const { context } = record;
  return typeof context?.text === "string" && (context.label === null || typeof context.label === "string");
}
