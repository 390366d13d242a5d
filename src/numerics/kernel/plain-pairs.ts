import type { KernelCode } from "./code.ts";

type Kernels = Pick<KernelCode, "countCosines" | "addDistanceMoments" | "pairsInBins" | "sumCubes">;

/** pairs.as.ts in plain TypeScript, every number by the same operations: the same bits. */
export function plainPairs(buffer: ArrayBuffer): Kernels {
  const doubles = new Float64Array(buffer);
  const integers = new Int32Array(buffer);
  return {
    countCosines(products, weights, shifts, inverse, count, shift, scale, half, guard, counts, bins, list) {
      const [x, w, s, by, to] = [products / 8, weights / 8, shifts / 8, inverse / 8, counts / 8];
      const rest = 1 - guard;
      let unsure = 0;
      for (let q = 0; q < count; q++) {
        const place = ((doubles[x + q]! + shift + doubles[s + q]!) * scale * doubles[by + q]! + 1) * half;
        const bin = place | 0;
        const past = place - bin;
        if (past > guard && past < rest && place > 0 && bin < bins) {
          doubles[to + bin] = doubles[to + bin]! + doubles[w + q]!;
        } else integers[list / 4 + unsure++] = q;
      }
      return unsure;
    },
    addDistanceMoments(distances, weights, count, perWidth, sums, bins) {
      const [t, w] = [distances / 8, weights / 8];
      for (let q = 0; q < count; q++) {
        const place = doubles[t + q]! * perWidth;
        const bin = place | 0;
        if (bin < 0 || bin >= bins) continue;
        const u = place - bin - 0.5;
        const weight = doubles[w + q]!;
        const at = sums / 8 + 4 * bin;
        const first = weight * u;
        const second = first * u;
        doubles[at] = doubles[at]! + weight;
        doubles[at + 1] = doubles[at + 1]! + first;
        doubles[at + 2] = doubles[at + 2]! + second;
        doubles[at + 3] = doubles[at + 3]! + second * u;
      }
    },
    pairsInBins(distances, count, perWidth, first, bins, list) {
      const t = distances / 8;
      let found = 0;
      for (let q = 0; q < count; q++) {
        const bin = (doubles[t + q]! * perWidth) | 0;
        if ((bin - first) >>> 0 < bins) integers[list / 4 + found++] = q;
      }
      return found;
    },
    sumCubes(products, weights, shifts, count, shift, perWidth) {
      const [x, w, s] = [products / 8, weights / 8, shifts / 8];
      let sum = 0;
      for (let q = 0; q < count; q++) {
        const e = (doubles[x + q]! + shift + doubles[s + q]!) * perWidth;
        sum += doubles[w + q]! * (e * (3 + e * (3 + e)));
      }
      return sum;
    },
  };
}
