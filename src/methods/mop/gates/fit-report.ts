import { type JsonObject, toJsonObject } from "../../../core/hash.ts";
import type { PopulationRecord } from "../../../core/record.ts";
import type { FitContext } from "../../method.ts";
import type { FitSettings } from "../options.ts";
import type { PairDesign } from "../scores/design.ts";
import type { FitDiagnosis } from "./diagnose.ts";
import type { GateFit } from "./fit-gates.ts";

/** Says what scoring will cost, before it is paid. */
export function announceCost(
  { progress, model }: FitContext,
  name: string,
  records: readonly PopulationRecord[],
  design: PairDesign,
  personas: readonly string[],
  pool: readonly PopulationRecord[],
): void {
  const meanLength = (texts: readonly string[]): number =>
    texts.reduce((sum, text) => sum + text.length, 0) / Math.max(1, texts.length);
  // Four characters a token, and 60 tokens for the template's own words: an estimate, said before it is paid.
  const perCall =
    60 + (2 * meanLength(records.map((r) => r.text)) * (pool.length > 0 ? 1 : 0.5) + meanLength(personas)) / 4;
  const calls = records.length * design.perRecord;
  progress.note(
    `${name}: at most ${calls} scoring calls to ${model.id} (${records.length} records x ${design.perRecord} pairs), about ${Math.round((calls * perCall) / 1000)} thousand tokens.`,
  );
}

/** What `mop.json` keeps of a fit. Losses in nats a record (a token with `lengthNormalised`), on held-out records. */
export function reportOf(
  fit: GateFit,
  diagnosis: FitDiagnosis,
  options: FitSettings,
  records: number,
  failed: number,
  temperature: number,
  profile: JsonObject[] | null,
): JsonObject {
  const gain = fit.uniformHeldOut - fit.heldOut;
  const unit = options.lengthNormalised ? "nats/token (surrogate)" : "nats/record";
  const { effectivePairs, effectivePersonas, effectiveExemplars } = diagnosis;
  const effect = `${effectivePersonas.toFixed(1)} personas, ${effectiveExemplars.toFixed(0)} exemplars, ${effectivePairs.toFixed(1)} pairs a record`;
  return {
    summary: `held-out gain over uniform ${gain.toFixed(3)} +- ${fit.gainError.toFixed(3)} ${unit}, penalty ${fit.penalty ?? "uniform kept"}; in effect ${effect}`,
    unit,
    records,
    heldOutRecords: fit.heldOutRecords.length,
    failedPairs: failed,
    scoredAt: temperature,
    penalty: fit.penalty,
    uniformHeldOut: fit.uniformHeldOut,
    heldOut: fit.heldOut,
    gain,
    gainError: fit.gainError,
    ...toJsonObject(diagnosis),
    curve: fit.curve.map((point) => ({ ...point })),
    temperatureProfile: profile,
  };
}
