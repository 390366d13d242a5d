import { z } from "zod";
import { InputError } from "../core/errors.ts";
import type { PopulationRecord } from "../core/record.ts";
import type { FitContext } from "./method.ts";

/** The contract's default sizes; they shrink with small data, explicit ones never do. */
const defaultExemplars = 1000;
const defaultPersonas = 100;

export const exemplarsOption = z
  .int()
  .min(1)
  .nullable()
  .default(null)
  .describe("N: records in the exemplar pool. null: 1000, or half of train where that is less.");

export const personasOption = z
  .int()
  .min(1)
  .nullable()
  .default(null)
  .describe("K: number of personas. null: 100, or a tenth of train where that is less.");

/**
 * The exemplar pool of a method. Every method with the same N gets the same pool.
 * @throws InputError when an explicit N exceeds train.
 */
export function poolOf(context: FitContext, exemplars: number | null): readonly PopulationRecord[] {
  return context.pool(sized(context, "exemplars", exemplars, defaultExemplars, 2));
}

/** K of a method. @throws InputError when an explicit K exceeds train. */
export function personaCount(context: FitContext, personas: number | null): number {
  return sized(context, "personas", personas, defaultPersonas, 10);
}

function sized(context: FitContext, option: string, asked: number | null, standard: number, share: number): number {
  const n = context.train.length;
  if (n === 0) throw new InputError(`The dataset \`${context.datasetId}\` has no train records.`);
  if (asked !== null) {
    if (asked > n)
      throw new InputError(`\`${option}\` is ${asked}, and train of \`${context.datasetId}\` has ${n} records.`);
    return asked;
  }
  const possible = Math.max(1, Math.floor(n / share));
  if (possible >= standard) return standard;
  context.progress.note(`${option}: ${standard} shrunk to ${possible}, 1/${share} of train (${n} records).`);
  return possible;
}
