import { InputError } from "../../core/errors.ts";
import { delimiterOf } from "../../storage/tables/delimiter.ts";
import { formatOf } from "../../storage/tables/table.ts";
import { isNpy } from "./side.ts";

/** The flags that say how files are read, and which files. */
export interface ReadingFlags {
  readonly gold: string;
  readonly synthetic: string;
  readonly exemplars?: string;
  readonly text?: string;
  readonly goldText?: string;
  readonly delimiter?: string;
}

/**
 * Refuses flags that were given and do nothing with these files, so that nobody takes them for heeded.
 * @throws InputError naming the flag and the files; for a delimiter that is none; for a file of an unknown format
 */
export function refuseVoidFlags({ gold, synthetic, exemplars, text, goldText, delimiter }: ReadingFlags): void {
  const others = [synthetic, exemplars].filter((file) => file !== undefined);
  const all = [...others, gold];
  if (delimiter !== undefined) delimiterOf(delimiter);
  refuse("--delimiter", "is for CSV files", delimiter, all, (format) => format === "csv" || format === "tsv");
  const named = goldText === undefined ? all : others;
  refuse("--text", "is for files with columns", text, named, (format) => format !== "lines");
  refuse("--gold-text", "is for files with columns", goldText, [gold], (format) => format !== "lines");
  if (exemplars !== undefined && isNpy(synthetic))
    throw new InputError(`--exemplars is for texts, and ${synthetic} holds embeddings; leave it out.`);
}

function refuse(
  flag: string,
  use: string,
  value: string | undefined,
  files: readonly string[],
  heeds: (format: ReturnType<typeof formatOf>) => boolean,
): void {
  if (value === undefined || files.some((file) => !isNpy(file) && heeds(formatOf(file)))) return;
  const named = [...new Set(files)];
  throw new InputError(
    `${flag} ${use}, and ${named.join(", ")} ${named.length > 1 ? "are" : "is"} none; leave it out.`,
  );
}
