import { type JsonObject, toJsonObject } from "../../core/hash.ts";
import type { PopulationRecord } from "../../core/record.ts";
import type { FitContext } from "../fit-context.ts";
import type { FitSettings } from "../options.ts";
import type { Persona } from "../personas/persona.ts";
import type { FitDiagnosis } from "./diagnose.ts";
import type { GateFit } from "./fit-gates.ts";

/** The calls that scoring makes at most, and the texts that their prompts are made of. */
export interface ScoringCalls {
  readonly calls: number;
  readonly records: readonly PopulationRecord[];
  readonly personas: readonly Persona[];
  readonly pool: readonly PopulationRecord[];
}

/** Says what scoring will cost, before it is paid. */
export function announceCost({ progress, model }: FitContext, label: string, asked: ScoringCalls): void {
  const { calls, records, personas, pool } = asked;
  const meanLength = (texts: readonly { readonly text: string }[]): number =>
    texts.reduce((sum, { text }) => sum + text.length, 0) / Math.max(1, texts.length);
  // Four characters a token, and 60 tokens for the template's own words: an estimate, said before it is paid.
  const perCall = 60 + (2 * meanLength(records) * (pool.length > 0 ? 1 : 0.5) + meanLength(personas)) / 4;
  progress.note(
    `${label}: at most ${calls} calls to ${model.id}, about ${Math.round((calls * perCall) / 1000)} thousand tokens.`,
  );
}

/** What was scored. */
export interface ScoredCounts {
  readonly records: number;
  /** Records with a near-copy among the others. */
  readonly copies: number;
  /** Pairs drawn for a record, of all rounds; where all are scored, all there are. */
  readonly sampledPairs: number;
  /** Scores that there are, and pairs whose calls failed. */
  readonly scores: number;
  readonly failedPairs: number;
}

/** What a fit has found. */
export interface FitFindings {
  readonly fit: GateFit;
  readonly diagnosis: FitDiagnosis;
  readonly counts: ScoredCounts;
  /** Temperature that scores were made at. */
  readonly scoredAt: number;
  /** Mean log-likelihood by temperature; null where none was tried. */
  readonly profile: JsonObject[] | null;
}

/** What `mop.json` keeps of a fit: docs/mop.md, "What the report of a fit says". */
export function reportOf(options: FitSettings, findings: FitFindings): JsonObject {
  const { fit, diagnosis, counts, scoredAt, profile } = findings;
  const unit = options.lengthNormalized ? "nats/token (surrogate)" : "nats/record";
  const { parameters: _, curve, judges, ...numbers } = fit;
  return {
    summary: `${gainText(fit, unit)}; ${effectText(diagnosis)}`,
    gainIs: gainMeaning(fit, options, counts.sampledPairs),
    unit,
    ...counts,
    judges: judges.length,
    scoredAt,
    ...toJsonObject(numbers),
    ...toJsonObject(diagnosis),
    curve: curve.map((point) => ({ ...point })),
    temperatureProfile: profile,
  };
}

function gainText({ penalty, steps, gain, gainLow, gainHigh, judges }: GateFit, unit: string): string {
  if (penalty === null) return "no fit judged better than uniform weights, which are kept";
  const sure = gainLow > 0 ? "" : gainHigh < 0 ? "; these weights LOSE against uniform ones" : "; it may be none";
  return `gain over uniform weights ${gain.toFixed(3)} (95 % interval ${gainLow.toFixed(3)} to ${gainHigh.toFixed(3)}) ${unit}, ${judges.length} records judging${sure}; penalty ${penalty}, ${steps} steps`;
}

function effectText({ effectivePersonas, effectiveExemplars, effectivePairs }: FitDiagnosis): string {
  return `in effect ${effectivePersonas.toFixed(1)} personas, ${effectiveExemplars.toFixed(0)} exemplars, ${effectivePairs.toFixed(1)} pairs a record`;
}

/** What the gain is an estimate of, in a sentence. */
function gainMeaning(
  { penalty, folds, samplingBias }: GateFit,
  { activePairs }: FitSettings,
  sampledPairs: number,
): string {
  if (penalty === null) return "Uniform weights are kept: no gain.";
  const of =
    activePairs === null
      ? "Mean ln of the mixture's likelihood less that under uniform weights"
      : `Mean ln of the likelihood of the ${activePairs} heaviest pairs, which are drawn from, less that of all pairs under uniform weights`;
  const by =
    folds === 1 ? "records held out of the fit" : `records each judging the fit of the ${folds - 1} folds without it`;
  const bias =
    samplingBias === 0
      ? "All pairs were scored, nothing was sampled."
      : `From ${activePairs === null ? "" : "uniform weights' "}${sampledPairs} sampled pairs a record; sampling's bias, ${samplingBias.toFixed(3)} by halves, is taken out, and half of it widens the interval at each end.`;
  return `${of}, over ${by}: a population quantity, the fit held fixed. ${bias}`;
}
