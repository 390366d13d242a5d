/** Neighbors unless others are asked for; metrics that need none name these, so that one pass over all pairs serves all. */
export const NEIGHBORS = 5;
