/** Q T Qᵀ = A: `diagonal` and `offDiagonal` (n numbers, the last zero) of T; row k of `basis` is column k of Q. */
export interface Tridiagonal {
  readonly diagonal: Float64Array;
  readonly offDiagonal: Float64Array;
  readonly basis: Float64Array;
}

/**
 * Householder reduction of a symmetric matrix to tridiagonal form. Reflector k lies in the upper part of row k, so every inner
 * loop runs along a row.
 *
 * @param a n x n, row-major, not changed; only the upper triangle is read.
 * @param withBasis whether `basis` is wanted; empty otherwise.
 * @throws RangeError when `a` is not n x n.
 */
export function tridiagonalise(a: Float64Array, n: number, withBasis = false): Tridiagonal {
  if (a.length !== n * n) throw new RangeError(`${a.length} numbers are no ${n} x ${n} matrix.`);
  const work = a.slice();
  const offDiagonal = new Float64Array(n);
  const scales = new Float64Array(n);
  const p = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    const scale = reflector(work, n, k, offDiagonal);
    scales[k] = scale;
    if (scale !== 0) reflect(work, n, k, scale, p);
  }
  if (n > 1) offDiagonal[n - 2] = work[(n - 2) * n + n - 1]!;
  const diagonal = Float64Array.from({ length: n }, (_, i) => work[i * n + i]!);
  return { diagonal, offDiagonal, basis: withBasis ? accumulate(work, n, scales) : new Float64Array(0) };
}

/** Writes reflector v (v[k + 1] = 1) over row k and T's entry into `offDiagonal[k]`; returns the scale of H = I - scale v vᵀ. */
function reflector(work: Float64Array, n: number, k: number, offDiagonal: Float64Array): number {
  const at = k * n;
  const head = work[at + k + 1]!;
  let largest = 0;
  for (let j = k + 2; j < n; j++) largest = Math.max(largest, Math.abs(work[at + j]!));
  if (!(largest > 0)) {
    offDiagonal[k] = head + (largest === 0 ? 0 : Number.NaN);
    return 0;
  }
  largest = Math.max(largest, Math.abs(head));
  let sum = 0; // scaled, so that squares neither overflow nor vanish
  for (let j = k + 1; j < n; j++) sum += (work[at + j]! / largest) ** 2;
  const norm = largest * Math.sqrt(sum);
  const beta = head >= 0 ? -norm : norm;
  offDiagonal[k] = beta;
  const inverse = 1 / (head - beta);
  for (let j = k + 2; j < n; j++) work[at + j]! *= inverse;
  work[at + k + 1] = 1;
  return (beta - head) / beta;
}

/** Applies the reflector in row k to the trailing block from both sides (a symmetric rank-2 update). */
function reflect(work: Float64Array, n: number, k: number, scale: number, p: Float64Array): void {
  const at = k * n;
  p.fill(0, k + 1);
  for (let i = k + 1; i < n; i++) {
    const ri = i * n;
    const v = work[at + i]!;
    let sum = work[ri + i]! * v;
    for (let j = i + 1; j < n; j++) {
      const x = work[ri + j]!;
      sum += x * work[at + j]!;
      p[j]! += x * v;
    }
    p[i]! += sum;
  }
  let dot = 0;
  for (let i = k + 1; i < n; i++) {
    p[i]! *= scale;
    dot += p[i]! * work[at + i]!;
  }
  const half = -0.5 * scale * dot;
  for (let i = k + 1; i < n; i++) p[i]! += half * work[at + i]!;
  for (let i = k + 1; i < n; i++) {
    const ri = i * n;
    const v = work[at + i]!;
    const q = p[i]!;
    for (let j = i; j < n; j++) work[ri + j]! -= v * p[j]! + q * work[at + j]!;
  }
}

/** Qᵀ from the reflectors in `work`, last one first. */
function accumulate(work: Float64Array, n: number, scales: Float64Array): Float64Array {
  const basis = new Float64Array(n * n);
  for (let i = 0; i < n; i++) basis[i * n + i] = 1;
  for (let k = n - 3; k >= 0; k--) {
    const scale = scales[k]!;
    if (scale === 0) continue;
    const at = k * n;
    for (let r = k + 1; r < n; r++) {
      const to = r * n;
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += basis[to + j]! * work[at + j]!;
      sum *= scale;
      if (sum !== 0) for (let j = k + 1; j < n; j++) basis[to + j]! -= sum * work[at + j]!;
    }
  }
  return basis;
}
