import { InputError } from "../core/errors.ts";
import type { PopulationRecord } from "../core/record.ts";
import type { Artifact } from "./artifact.ts";
import { exemplarsInUse } from "./simplex-table.ts";

/** The real records that prompts of a mixture can show. */
export interface ShownRecords {
  readonly pool: readonly PopulationRecord[];
  /** Those that personas quote and that are not in the pool. */
  readonly quoted: readonly PopulationRecord[];
  /** How many distinct ones can be shown: a pool record without weight anywhere never is. */
  readonly count: number;
}

/**
 * Finds the pool of an artifact and what its personas quote.
 * @param records where the texts are found that the artifact leaves out
 * @throws InputError when a text is nowhere to be found
 */
export function shownRecords(artifact: Artifact, records: readonly PopulationRecord[]): ShownRecords {
  const byId = new Map(records.map((r) => [r.id, r]));
  const find = (id: string): PopulationRecord => {
    const found = byId.get(id);
    if (found === undefined)
      throw new InputError(`The artifact leaves out texts, and record \`${id}\` is not in the data: give them.`);
    return found;
  };
  const pool = artifact.exemplars.map(({ id, context, label, text }) =>
    text === null ? find(id) : { id, context: { text: context, label }, text },
  );
  const quotes = [...new Set(artifact.personas.flatMap((persona) => persona.quotes))];
  const inPool = new Set(pool.map((r) => r.id));
  const used = artifact.simplex === null ? null : exemplarsInUse(artifact.simplex);
  const shown = pool.filter((_, j) => used?.has(j) ?? true).map((record) => record.id);
  return {
    pool,
    quoted: quotes.filter((id) => !inPool.has(id)).map(find),
    count: new Set([...shown, ...quotes]).size,
  };
}
