/** A pair of a record, with ln of its weight and its score at each temperature of a grid. */
export interface HeatedPair {
  /** Position of its persona. */
  readonly k: number;
  readonly logWeight: number;
  readonly scores: readonly number[];
}

/** Log-likelihood by temperature of the grid. */
export interface TemperatureProfiles {
  /** Mean over the records. */
  readonly shared: Float64Array;
  /** The profile of each persona: its share of each record times what its pairs alone say of it, summed over the records. */
  readonly own: readonly Float64Array[];
}

/**
 * How likely the records are at each temperature, the weights of pairs held fixed.
 * @param records pairs of each record; one without any says nothing
 * @param personas K
 * @param grid how many temperatures there are
 */
export function temperatureProfiles(
  records: readonly (readonly HeatedPair[])[],
  personas: number,
  grid: number,
): TemperatureProfiles {
  const telling = records.filter((pairs) => pairs.length > 0);
  const shared = new Float64Array(grid);
  const own = Array.from({ length: personas }, () => new Float64Array(grid));
  for (const pairs of telling) {
    for (let g = 0; g < grid; g++) shared[g]! += logSumExp(termsAt(pairs, g)) / telling.length;
    // Each persona explains its share of the record; its profile is that of its own pairs alone.
    for (const [k, share] of sharesOf(pairs, personas, grid).entries()) {
      if (share === 0) continue;
      const mine = pairs.filter((pair) => pair.k === k);
      for (let g = 0; g < grid; g++) own[k]![g]! += share * logSumExp(termsAt(mine, g));
    }
  }
  return { shared, own };
}

/** Each persona's part of a record's posterior, mean over the grid. */
function sharesOf(pairs: readonly HeatedPair[], personas: number, grid: number): Float64Array {
  const shares = new Float64Array(personas);
  for (let g = 0; g < grid; g++) {
    const terms = termsAt(pairs, g);
    const max = Math.max(...terms);
    const sum = sumOfPowers(terms, max);
    for (const [at, { k }] of pairs.entries()) shares[k]! += Math.exp(terms[at]! - max) / sum / grid;
  }
  return shares;
}

function termsAt(pairs: readonly HeatedPair[], g: number): number[] {
  return pairs.map(({ logWeight, scores }) => logWeight + scores[g]!);
}

function logSumExp(terms: readonly number[]): number {
  const max = Math.max(...terms);
  return max + Math.log(sumOfPowers(terms, max));
}

function sumOfPowers(terms: readonly number[], max: number): number {
  return terms.reduce((sum, value) => sum + Math.exp(value - max), 0);
}
