import { z } from "zod";
import { InputError } from "../core/errors.ts";
import type { PopulationRecord } from "../core/record.ts";
import type { FitContext, TrainSize } from "./fit-context.ts";

/** The size of a part of a fit that options leave open; it shrinks with small data, an explicit one never does. */
interface DefaultSize {
  /** The option that would say it. */
  readonly option: string;
  readonly standard: number;
  /** It is at most the `share`th part of train. */
  readonly share: number;
}

const EXEMPLARS: DefaultSize = { option: "exemplars", standard: 1000, share: 2 };
const PERSONAS: DefaultSize = { option: "personas", standard: 100, share: 10 };
const RECORDS: DefaultSize = { option: "records", standard: Number.POSITIVE_INFINITY, share: 1 };

export const exemplarsOption = z
  .int()
  .min(1)
  .max(1_000_000)
  .nullable()
  .default(null)
  .describe(
    "N: records in the exemplar pool. null: as many as another method of the run names, where that is one number; else 1000, or half of train where that is less.",
  );

export const personasOption = z
  .int()
  .min(1)
  .max(1_000_000)
  .nullable()
  .default(null)
  .describe("K: number of personas. null: 100, or a tenth of train where that is less.");

/**
 * The exemplar pool of a method. Every method with the same N gets the same pool.
 * @throws InputError when an explicit N exceeds train.
 */
export function poolOf(context: FitContext, exemplars: number | null): readonly PopulationRecord[] {
  const size = poolSize(context, exemplars);
  if (exemplars === null && size === context.sharedPool)
    context.progress.note(`exemplars: ${size}, as another method of the run has.`);
  else noteShrunk(context, EXEMPLARS, exemplars, size);
  return context.pool(size);
}

/** K of a method. @throws InputError when an explicit K exceeds train. */
export function personaCount(context: FitContext, personas: number | null): number {
  const size = personaSize(context, personas);
  noteShrunk(context, PERSONAS, personas, size);
  return size;
}

/** N without drawing anything. @throws InputError as `poolOf` */
export function poolSize(data: TrainSize, exemplars: number | null): number {
  const { sharedPool = null, train } = data;
  // An artifact fitted on larger data may hold more than there is here.
  if (exemplars === null && sharedPool !== null && sharedPool <= train.length) return sharedPool;
  return sized(data, EXEMPLARS, exemplars);
}

/** K without a note. @throws InputError as `personaCount` */
export function personaSize(data: TrainSize, personas: number | null): number {
  return sized(data, PERSONAS, personas);
}

/** Fewest train records that weights are learned from: one in seven is held out. */
const FEWEST_SCORED = 10;

/** How many records of train a fit scores. @throws InputError when there are too few, or more are asked for than there are */
export function recordSize(data: TrainSize, records: number | null): number {
  const size = sized(data, RECORDS, records);
  if (size < FEWEST_SCORED)
    throw new InputError(
      `MoP needs at least ${FEWEST_SCORED} train records; \`${data.datasetId}\` has ${data.train.length}.`,
    );
  return size;
}

function sized(data: TrainSize, { option, standard, share }: DefaultSize, asked: number | null): number {
  const n = data.train.length;
  if (n === 0) throw new InputError(`The dataset \`${data.datasetId}\` has no train records.`);
  if (asked !== null) {
    if (asked > n)
      throw new InputError(`\`${option}\` is ${asked}, and train of \`${data.datasetId}\` has ${n} records.`);
    return asked;
  }
  return Math.min(standard, Math.max(1, Math.floor(n / share)));
}

function noteShrunk(context: FitContext, { option, standard }: DefaultSize, asked: number | null, size: number): void {
  if (asked !== null || size >= standard) return;
  context.progress.note(`${option}: ${standard} shrunk to ${size}; train has ${context.train.length} records.`);
}
