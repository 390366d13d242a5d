import type { FitSettings } from "../options.ts";

/** Pairs of a record, the heaviest, that are scored again at other temperatures for `tau`. */
export const TAU_PAIRS = 4;

/** The most (record, pair) scores that training with `activePairs` reaches: M for each record of each step and of each look. */
export function mostReached(
  { activePairs, penalties, refinePairs, maxSteps, batch, evaluateEvery }: FitSettings,
  heldOut: number,
): number {
  const fits = penalties.length * (refinePairs > 0 ? 2 : 1);
  const looks = Math.ceil(maxSteps / evaluateEvery) + 1;
  return fits * (maxSteps * batch + looks * heldOut) * (activePairs ?? 0);
}
