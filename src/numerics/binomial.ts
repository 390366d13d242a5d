import { incompleteBeta } from "./incomplete-beta.ts";

/** P(X >= least) for X of `trials` independent trials, each a success with probability p. */
function atLeast(least: number, trials: number, p: number): number {
  if (least <= 0) return 1;
  return least > trials ? 0 : incompleteBeta(p, least, trials - least + 1);
}

/**
 * The mid-P interval of a binomial proportion: the p for which neither P(X > x) + P(X = x) / 2 nor P(X < x) + P(X = x) / 2 is
 * below half of what the confidence leaves (Lancaster, JASA 56, 1961). The interval of Clopper and Pearson counts P(X = x)
 * whole, and so covers more often than it says; this one covers about as often as it says (Agresti and Gottard, Computational
 * Statistics and Data Analysis 51, 2007; on what others do near 0 and 1: Brown, Cai and DasGupta, Statistical Science 16, 2001).
 * No success out of n still leaves [0, 3 / n] at 95 %.
 *
 * @param successes x, whole, 0 .. trials. @param trials n, whole, at least 1.
 * @throws RangeError outside of these.
 */
export function midPInterval(
  successes: number,
  trials: number,
  confidence: number,
): { readonly low: number; readonly high: number } {
  if (!(Number.isInteger(trials) && trials >= 1)) throw new RangeError(`There are no ${trials} trials.`);
  if (!(Number.isInteger(successes) && successes >= 0 && successes <= trials))
    throw new RangeError(`${successes} of ${trials} trials is no count.`);
  const tail = (1 - confidence) / 2;
  // Rises in p from 0 (1/2 without a success) to 1 (1/2 with nothing else).
  const above = (p: number) => (atLeast(successes, trials, p) + atLeast(successes + 1, trials, p)) / 2;
  return {
    low: successes === 0 ? 0 : solve(above, tail),
    high: successes === trials ? 1 : solve(above, 1 - tail),
  };
}

/** The p in [0, 1] where a rising function reaches a value, by bisection. */
function solve(rising: (p: number) => number, target: number): number {
  let low = 0;
  let high = 1;
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle === low || middle === high) return middle;
    if (rising(middle) < target) low = middle;
    else high = middle;
  }
}
