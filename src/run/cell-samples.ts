import { type CellId, cellPath } from "../core/cell.ts";
import type { Context } from "../core/record.ts";
import type { KeptCall, Sample } from "../core/sample.ts";
import type { Produced } from "../methods/method.ts";
import { HALF_REASONING } from "./half-reasoning.ts";

/** The calls of a cell, and which of them ended within a reasoning. */
export interface CellAnswers {
  readonly calls: ReadonlyMap<string, KeptCall>;
  readonly halves: ReadonlySet<string>;
}

/** Why a sample has no text where none of its calls failed. */
const NOT_MADE = { kind: "not-made", message: "The method made no text for this context." };
const HALF = { kind: "reasoning", message: HALF_REASONING };

/**
 * The sample of a slot out of what the method put there, null where it put nothing. A text that one call of its own made (the
 * call named by the slot) takes in that call; any other names its calls.
 */
export function sampleOf(
  cell: CellId,
  context: Context,
  index: number,
  produced: Produced | null,
  { calls, halves }: CellAnswers,
): Sample {
  const { text = null, persona = null, exemplars = [], calls: keys = [], notes } = produced ?? {};
  const made = keys.flatMap((key) => calls.get(key) ?? []);
  const last = made.at(-1);
  const own = keys.length === 1 && keys[0] === String(index) ? last : undefined;
  const half = keys.some((key) => halves.has(key));
  const failed = made.find((call) => call.error !== null)?.error ?? NOT_MADE;
  const error = half ? HALF : text === null ? failed : null;
  return {
    id: `${cellPath(cell)}/${index}`,
    index,
    context: context.text,
    label: context.label,
    persona,
    exemplars,
    promptHash: last?.promptHash ?? "",
    text: half ? null : text,
    raw: own === undefined ? null : (own.raw ?? own.text),
    tokensIn: own?.tokensIn ?? null,
    tokensOut: own?.tokensOut ?? null,
    finish: error === null ? (last?.finish ?? null) : "error",
    error,
    ...(own?.prompt === undefined ? {} : { prompt: own.prompt }),
    ...(own === undefined ? { calls: keys } : {}),
    ...(notes === undefined ? {} : { notes }),
  };
}

/** How many samples have no text although none of the calls that they name failed. */
export function countNotMade(samples: readonly Sample[]): number {
  return samples.filter(({ error }) => error?.kind === NOT_MADE.kind).length;
}

/** Whether each sample has one call of its own, which stands in it: the cell then needs no file of calls. */
export function haveOwnCalls(samples: readonly Sample[]): boolean {
  return samples.every(({ calls }) => calls === undefined);
}
