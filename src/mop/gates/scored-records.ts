import { InputError } from "../../core/errors.ts";
import type { PopulationRecord } from "../../core/record.ts";
import { chooseRecords } from "../choose-records.ts";
import { type Copies, copiesOf } from "../copies.ts";
import type { FitContext } from "../fit-context.ts";
import type { Ingredients } from "../ingredients.ts";

/** The records that weights are learned from, with their positions in train and their near-copies. */
export interface ScoredRecords {
  readonly records: readonly PopulationRecord[];
  readonly chosen: readonly number[];
  readonly copies: Copies;
}

/**
 * Chooses the records that are scored: without those whose text is all that the pool holds.
 * @param wanted how many; null: all
 * @throws InputError when fewer than two are left
 */
export function scoredRecords(
  context: FitContext,
  wanted: number | null,
  { personas, pool }: Ingredients,
): ScoredRecords {
  const { train } = context;
  const all = chooseRecords(context, wanted, personas);
  const records = all.map((i) => train[i]!);
  const copies = copiesOf(records, pool);
  if (pool.length === 0) return { chosen: all, records, copies };
  const kept = [...all.keys()].filter((at) => copies.masked[at]!.length < pool.length);
  if (kept.length < 2)
    throw new InputError(
      `The exemplar pool of \`${context.datasetId}\` holds one text again and again, and so do the records that weights are learned from: the data repeat themselves. Leave out repeated texts, or ask for more \`exemplars\`.`,
    );
  return {
    chosen: kept.map((at) => all[at]!),
    records: kept.map((at) => records[at]!),
    copies: {
      groups: Int32Array.from(kept, (at) => copies.groups[at]!),
      masked: kept.map((at) => copies.masked[at]!),
    },
  };
}

/** Records with a near-copy among the others. */
export function countCopies({ groups }: Copies): number {
  const sizes = new Map<number, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  return groups.filter((group) => sizes.get(group)! > 1).length;
}
