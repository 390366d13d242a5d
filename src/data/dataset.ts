import { type Definition, definer, type Named } from "../core/definition.ts";
import type { JsonObject } from "../core/hash.ts";
import type { Context, PopulationRecord } from "../core/record.ts";
import type { PromptTemplates } from "../prompts/prompt.ts";

/** The disjoint parts of a dataset (docs/datasets.md, "The parts"): a function of the data and `splitSeed` alone. */
export interface Parts {
  /** MoP's records and personas; the exemplar pool is drawn from it. */
  readonly train: readonly PopulationRecord[];
  /** What embedded models and `embedded:lsa` learn from; unused by others. */
  readonly background: readonly PopulationRecord[];
  /** What everything is scored against. */
  readonly gold: readonly PopulationRecord[];
  /** `real`: what a perfect simulator would score. */
  readonly reserve: readonly PopulationRecord[];
}

export type PartName = keyof Parts;

/** Near-copies among a dataset's records (`copyGroups`): equal but for case, spaces and end marks, or in four fifths of their runs. */
export interface NearCopies {
  /** Groups of two and more records. */
  readonly groups: number;
  /** Records in these groups. */
  readonly records: number;
  /** Of these, records of train left out because test holds one of their group. */
  readonly leftOut: number;
}

/** Who a dataset is: the YAML card in datasets/, or what the config says of a user's own file. */
export interface DatasetCard {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly source: string;
  readonly revision: string | null;
  readonly license: string;
  readonly language: string;
  readonly prompts: PromptTemplates;
}

/** The true persona weights, where a dataset knows them. Metrics may read it; methods never see it. */
export interface Truth {
  /** Names of the true personas; weights are indexed by position. */
  readonly owners: readonly string[];
  /** pi*(x): sums to one over owners. @throws InputError for a context the dataset does not know. */
  weights(context: Context): Float64Array;
  /** Position of the record's true owner in `owners`. @throws InputError for an unknown id. */
  ownerOf(recordId: string): number;
}

/** A dataset, loaded and split. Immutable. */
export interface Dataset {
  /** The id of rows, folders and rules. */
  readonly id: string;
  readonly card: DatasetCard;
  readonly parts: Parts;
  /** What the split did with near-copies; null where every record was drawn anew and none was looked for. */
  readonly nearCopies: NearCopies | null;
  /**
   * The exemplar pool: `size` records of train in a fixed order, a function of the data and splitSeed alone. Drawn uniformly
   * unless the dataset says otherwise (townsquare's is a convenience sample). @throws InputError when train is smaller.
   */
  pool(size: number): readonly PopulationRecord[];
  /** null where nobody knows. */
  readonly truth: Truth | null;
  /** For run.json and mop.json: how to find the same data again (source, options, checksums of the parts). */
  readonly locator: JsonObject;
  /** What a user should know of the loading: rows left out and why. Said once on stderr; absent when there is nothing. */
  readonly notes?: readonly string[];
}

/** What a dataset source may use. */
export interface DatasetEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Paths in options are relative to it. */
  readonly baseDir: string;
  /** Refuse every call out. */
  readonly offline: boolean;
  /** Folder for downloads. */
  readonly cacheDir: string;
}

/** A source of data sets, or one data set that is known by its card. */
export interface DatasetDefinition extends Definition<Named<DatasetEnvironment>, Dataset> {
  /** The card in datasets/ that says who it is; absent: a source of the user's own data. */
  readonly card?: string;
  /** How a config names one, where the name alone is not enough. */
  readonly example?: string;
}

/**
 * Defines a source of datasets.
 * @example
 * const folder = defineDataset({
 *   summary: "a folder of text files",
 *   options: z.strictObject({ path: z.string().describe("The folder.") }),
 *   id: ({ path }) => path,
 *   create: async ({ path }, { baseDir }, id) => datasetOf({ id, records: await readFolder(baseDir, path) }),
 * });
 */
export const defineDataset = definer<DatasetEnvironment, Dataset>();
