export const roundUp = (n: number, multiple: number): number => Math.ceil(n / multiple) * multiple;

/**
 * Bytes of each region of a `BoundedLloyd`'s memory: `rows` points and k centroids of `width` numbers, their `head` leading
 * coordinates packed for the matrix product, norms, and the bounds.
 */
export function regionSizes(rows: number, k: number, width: number, head: number, block: number) {
  return {
    x: 4 * rows * width,
    packed: 4 * rows * head,
    xx: 4 * rows,
    xHeads: 4 * rows,
    xTails: 4 * rows,
    labels: 4 * rows,
    squares: 4 * rows,
    reaches: 4 * rows,
    bounds: 4 * rows * k,
    centroids: 4 * k * width,
    packedCentroids: 4 * roundUp(k, 4) * head,
    staging: 4 * Math.max(k, block) * head,
    tile: 4 * roundUp(k, 4) * block,
    cc: 4 * k,
    cHeads: 4 * k,
    cTails: 4 * k,
    drifts: 4 * k,
    moved: 4 * k,
    stale: 4 * k,
    groups: 2 * block,
    counts: 4 * k,
  };
}

export type Regions = { readonly [name in keyof ReturnType<typeof regionSizes>]: number };
