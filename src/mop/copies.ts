import type { PopulationRecord } from "../core/record.ts";
import { copyGroups } from "../text/near-copies.ts";

/** Near-copies among the records of a fit and its exemplar pool. */
export interface Copies {
  /** Number of each record's group of near-copies: what may not be divided between fitting and judging. */
  readonly groups: Int32Array;
  /** Positions in the pool of near-copies of each record's text, itself among them, ascending: never shown when it is scored. */
  readonly masked: readonly Int32Array[];
}

/** Finds them by text: a repost under another id scores like the record itself. */
export function copiesOf(records: readonly PopulationRecord[], pool: readonly PopulationRecord[]): Copies {
  const all = copyGroups([...records, ...pool].map((record) => record.text));
  const inPool = new Map<number, number[]>();
  for (const [j, group] of all.subarray(records.length).entries()) {
    const known = inPool.get(group);
    if (known === undefined) inPool.set(group, [j]);
    else known.push(j);
  }
  const groups = all.slice(0, records.length);
  return { groups, masked: Array.from(groups, (group) => Int32Array.from(inPool.get(group) ?? [])) };
}
