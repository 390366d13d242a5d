/**
 * What the compiled module (or the plain fallback) exports. Addresses are byte offsets into the memory of a `Workspace`, all else
 * are counts and numbers. The *.as.ts files say what each function does.
 */
export interface KernelCode {
  packA(source: number, rows: number, cols: number, target: number): void;
  packB(source: number, rows: number, cols: number, target: number): void;
  multiply(a: number, aPanels: number, b: number, bPanels: number, cols: number, c: number, stride: number): void;

  packRows64(source: number, rows: number, stride: number, first: number, count: number, target: number): void;
  packColumns64(source: number, count: number, cols: number, means: number, scales: number, target: number): void;
  multiply64(
    a: number,
    aPanels: number,
    b: number,
    bPanels: number,
    count: number,
    c: number,
    stride: number,
    upper: 0 | 1,
  ): void;

  eliminateRows(a: number, n: number, first: number): void;

  raiseBounds(
    bounds: number,
    points: number,
    tile: number,
    heads: number,
    tails: number,
    head: number,
    tail: number,
    drop: number,
    drift: number,
    slack: number,
  ): void;
  lowestBounds(bounds: number, k: number, points: number, labels: number, smallest: number): void;
  nearest(
    bounds: number,
    k: number,
    points: number,
    drifts: number,
    moved: number,
    labels: number,
    squares: number,
    reaches: number,
    groups: number,
    x: number,
    xx: number,
    c: number,
    cc: number,
    cols: number,
    slack: number,
  ): number;
  addToSums(x: number, points: number, cols: number, labels: number, stale: number, sums: number, counts: number): void;

  tridiagonalize(a: number, n: number, first: number, last: number, off: number, scales: number, work: number): void;
  accumulateReflectors(a: number, n: number, first: number, last: number, scales: number, q: number): void;
  reflectRows(a: number, n: number, first: number, last: number, scales: number, rows: number, count: number): void;
  rotateRows(q: number, n: number, first: number, last: number, rows: number, turns: number, count: number): void;

  multiplySparse(
    rows: number,
    parts: number,
    starts: number,
    columns: number,
    scales: number,
    x: number,
    scratch: number,
    width: number,
    y: number,
  ): void;
  orthogonalize(vector: number, basis: number, count: number, n: number): void;
  combine(vector: number, basis: number, count: number, n: number, weights: number): void;

  commonSubsequences(
    tokens: number,
    count: number,
    lists: number,
    from: number,
    blocks: number,
    masks: number,
    ends: number,
    first: number,
    state: number,
  ): void;
  subsequenceLengths(starts: number, first: number, texts: number, state: number, lengths: number): void;

  rowProducts(rows: number, cols: number, list: number, count: number, weights: number, out: number): void;
  addRows(rows: number, cols: number, list: number, count: number, factors: number, sums: number): void;
  rowDistances(rows: number, cols: number, count: number, center: number, out: number): void;

  countCosines(
    products: number,
    weights: number,
    shifts: number,
    inverse: number,
    count: number,
    shift: number,
    scale: number,
    half: number,
    guard: number,
    counts: number,
    bins: number,
    list: number,
  ): number;
  addDistanceMoments(
    distances: number,
    weights: number,
    count: number,
    perWidth: number,
    sums: number,
    bins: number,
  ): void;
  pairsInBins(distances: number, count: number, perWidth: number, first: number, bins: number, list: number): number;
  sumCubes(products: number, weights: number, shifts: number, count: number, shift: number, perWidth: number): number;
}
