/** Subsamples for an interval at most: more narrow none that a thousand do not, and each costs what the whole set costs. */
export const MOST_SUBSAMPLES = 10_000;
