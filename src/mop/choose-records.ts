import { InputError } from "../core/errors.ts";
import { copyGroups } from "../text/near-copies.ts";
import { recordSize } from "./exemplar-pool.ts";
import type { FitContext } from "./fit-context.ts";
import type { Persona } from "./personas/persona.ts";

/**
 * Positions in train of the records that weights are learned from, in order. Records that a persona quotes are left out, and
 * near-copies of them: under that persona they would be their own exemplars.
 * @param wanted how many; null: all
 * @throws InputError when there are too few
 */
export function chooseRecords(
  context: FitContext,
  wanted: number | null,
  personas: readonly Persona[],
): readonly number[] {
  const { train, random } = context;
  const quotes = new Set(personas.flatMap((persona) => persona.quotes));
  const groups = quotes.size === 0 ? null : copyGroups(train.map((record) => record.text));
  const quoted = new Set(groups?.filter((_, i) => quotes.has(train[i]!.id)));
  const order = [...random.derive("records").permutation(train.length)].filter(
    (i) => groups === null || !quoted.has(groups[i]!),
  );
  if (order.length < 2)
    throw new InputError(
      "Personas quote all of train and leave nothing to learn weights from: ask for fewer `personas`.",
    );
  return order.slice(0, recordSize(context, wanted)).sort((a, b) => a - b);
}
