import { InputError } from "../core/errors.ts";
import type { Context } from "../core/record.ts";
import type { Decoding } from "../core/sample.ts";
import { personaSize, poolSize, recordSize } from "../mop/exemplar-pool.ts";
import type { TrainSize } from "../mop/fit-context.ts";
import { mostReached, TAU_PAIRS } from "../mop/gates/reached.ts";
import type { FitSettings, MixtureOptions } from "../mop/options.ts";
import type { CallCounts, CellCost, MethodCost } from "./method.ts";

/** Bytes a persona is taken to have at most: one described by counting, and one in a model's or people's own words. */
const COUNTED_BYTES = 800;
const WRITTEN_BYTES = 4000;

/** Scores that show whether a model can score at other temperatures than 1. */
const TEMPERATURE_PROBE = 2;

/**
 * No call of any kind.
 * @example
 * cost: () => ({ fit: NO_CALLS, exemplarsPerPrompt: 0, personaBytes: 100 }) // nothing asked in fitting, one answer a text
 */
export const NO_CALLS: CallCounts = { generated: 0, scored: 0, chosen: 0 };

/** What a cell asks of a model at most; one answer a sample where the method says nothing else. */
export function cellCost(
  cost: Pick<MethodCost, "cell"> | null,
  contexts: readonly Context[],
  decoding: Decoding,
): CellCost {
  return cost?.cell?.(contexts, decoding) ?? { ...NO_CALLS, generated: contexts.length };
}

/** Personas given in a file: no call, no real text. */
export const WRITTEN_PERSONA: MethodCost = {
  fit: NO_CALLS,
  exemplarsPerPrompt: 0,
  personaBytes: WRITTEN_BYTES,
};

type PersonaOptions = Pick<MixtureOptions, "personas" | "personaFile"> & { readonly personaSource: string };

/** What personas add: bytes of the prompt, and calls where a model writes them. @throws InputError when K exceeds train */
export function personaCost(data: TrainSize, options: PersonaOptions): MethodCost {
  const counted = options.personaSource === "clusters" || options.personaSource === "random";
  const count = options.personaSource === "file" ? 0 : personaSize(data, options.personas);
  return {
    fit: { ...NO_CALLS, generated: options.personaSource === "model" ? count : 0 },
    exemplarsPerPrompt: 0,
    personaBytes: counted ? COUNTED_BYTES : WRITTEN_BYTES,
  };
}

/** What k shots add. @throws InputError when the pool exceeds train or holds fewer than k */
export function shotsCost(data: TrainSize, method: string, k: number, exemplars: number | null): MethodCost {
  const size = poolSize(data, exemplars);
  if (k > size) throw new InputError(`${method}: \`k\` is ${k} and the pool holds ${size} texts.`);
  return { fit: NO_CALLS, exemplarsPerPrompt: k, personaBytes: 0 };
}

/** What a mixture asks: its personas, one exemplar a prompt, and the pairs that a fit scores. @throws InputError as above */
export function mixtureCost(
  data: TrainSize,
  options: MixtureOptions,
  fitted: FitSettings | null,
  withPool: boolean,
): MethodCost {
  if (options.artifact !== null)
    return { fit: NO_CALLS, exemplarsPerPrompt: withPool ? 1 : 0, personaBytes: WRITTEN_BYTES };
  if (withPool) poolSize(data, options.exemplars);
  const personas = personaCost(data, options);
  const asked = { ...personas, exemplarsPerPrompt: withPool ? 1 : 0 };
  if (fitted === null) return asked;
  if (fitted.objective === "likelihood")
    return { ...asked, fit: { ...personas.fit, scored: scored(data, fitted, withPool) } };
  return { ...asked, fit: { ...personas.fit, generated: personas.fit.generated + answered(data, fitted) } };
}

/** Answers for one shared set of weights and for as many groups as can have enough records. */
function answered(data: TrainSize, { records, candidates, answers, groupRecords }: FitSettings): number {
  const groups = Math.floor(recordSize(data, records) / groupRecords);
  return (groups + 1) * candidates * answers;
}

/** Scores of a fit. With `activePairs` the M heaviest pairs of every record that a step or a look reaches, each pair once. */
function scored(data: TrainSize, options: FitSettings, withPool: boolean): number {
  const records = recordSize(data, options.records);
  const personas = options.personaSource === "file" ? Number.POSITIVE_INFINITY : personaSize(data, options.personas);
  const all = personas * (withPool ? poolSize(data, options.exemplars) : 1);
  const sampled = Math.min(all, options.pairs) + (all <= options.pairs ? 0 : options.refinePairs);
  const M = options.activePairs;
  const forTau = options.tau === "fixed" ? 0 : options.tauRecords * options.temperatures.length * TAU_PAIRS;
  if (M === null) return records * sampled + forTau + TEMPERATURE_PROBE;
  const held = Math.ceil(records * options.heldOut);
  const reached = mostReached(options, held);
  return Math.min(held * sampled + reached, records * all) + forTau + TEMPERATURE_PROBE;
}
