import type { KernelCode } from "./code.ts";

type Kernels = Pick<KernelCode, "raiseBounds" | "lowestBounds" | "nearest" | "addToSums">;
const { fround, sqrt } = Math;

/** lloyd.as.ts in plain TypeScript, every operation rounded to float32 in the same order: the same bits. */
export function plainLloyd(buffer: ArrayBuffer): Kernels {
  const memory = new Float32Array(buffer);
  const integers = new Int32Array(buffer);

  function squaredDistance(x: number, c: number, cols: number, xx: number, cc: number): number {
    const sums = new Float32Array(16);
    const whole = cols - (cols % 16);
    for (let j = 0; j < whole; j++) sums[j % 16] = sums[j % 16]! + fround(memory[x + j]! * memory[c + j]!);
    for (let j = whole; j < cols; j++) sums[j % 4] = sums[j % 4]! + fround(memory[x + j]! * memory[c + j]!);
    const lane = (l: number) => fround(fround(sums[l]! + sums[l + 4]!) + fround(sums[l + 8]! + sums[l + 12]!));
    const dot = fround(fround(lane(0) + lane(1)) + fround(lane(2) + lane(3)));
    return Math.max(0, fround(fround(xx + cc) - fround(2 * dot)));
  }

  return {
    raiseBounds(bounds, points, tile, heads, tails, head, tail, drop, drift, slack) {
      const hh = fround(fround(head) - fround(slack));
      for (let p = 0; p < points; p++) {
        const dot = memory[tile / 4 + p]!;
        const gap = fround(memory[tails / 4 + p]! - fround(tail));
        const near = fround(fround(memory[heads / 4 + p]! + hh) - fround(dot + dot));
        const fresh = fround(fround(sqrt(Math.max(fround(near + fround(gap * gap)), 0))) + fround(drift));
        const old = fround(memory[bounds / 4 + p]! - fround(drop));
        memory[bounds / 4 + p] = fresh < old ? old : fresh; // an old bound that is no number does not count
      }
    },
    lowestBounds(bounds, k, points, labels, smallest) {
      for (let p = 0; p < points; p++) {
        let best = Number.POSITIVE_INFINITY;
        let label = 0;
        for (let j = 0; j < k; j++) {
          const bound = memory[bounds / 4 + j * points + p]!;
          if (bound < best) {
            best = bound;
            label = j;
          }
        }
        memory[smallest / 4 + p] = best;
        integers[labels / 4 + p] = label;
      }
    },
    nearest(bounds, k, points, drifts, moved, labels, squares, reaches, groups, x, xx, c, cc, cols, slackIn) {
      const slack = fround(slackIn);
      const lower = (square: number) => fround(sqrt(Math.max(0, fround(square - slack))));
      const reach = (square: number) => fround(sqrt(fround(square + slack)));
      const restless = integers.subarray(groups / 4, groups / 4 + points / 4).fill(0);
      let computed = 0;
      for (let p = 0; p < points; p++) {
        const label = integers[labels / 4 + p]!;
        if (integers[moved / 4 + label] === 0) continue;
        restless[p >> 2] = 1;
        computed++;
        const norm = memory[cc / 4 + label]!;
        const d = squaredDistance(x / 4 + p * cols, c / 4 + label * cols, cols, memory[xx / 4 + p]!, norm);
        memory[squares / 4 + p] = d;
        memory[reaches / 4 + p] = reach(d);
        memory[bounds / 4 + label * points + p] = Number.POSITIVE_INFINITY;
      }
      for (let j = 0; j < k; j++) {
        const drift = memory[drifts / 4 + j]!;
        const whole = integers[moved / 4 + j] !== 0;
        for (let p = 0; p < points; p++) {
          const at = bounds / 4 + j * points + p;
          if (!whole && restless[p >> 2] === 0) continue;
          if (!(memory[at]! <= fround(memory[reaches / 4 + p]! + drift))) continue;
          computed++;
          const norm = memory[cc / 4 + j]!;
          const d = squaredDistance(x / 4 + p * cols, c / 4 + j * cols, cols, memory[xx / 4 + p]!, norm);
          const best = memory[squares / 4 + p]!;
          const label = integers[labels / 4 + p]!;
          if (d < best || (d === best && j < label)) {
            memory[bounds / 4 + label * points + p] = lower(best) + memory[drifts / 4 + label]!;
            memory[at] = Number.POSITIVE_INFINITY;
            memory[squares / 4 + p] = d;
            memory[reaches / 4 + p] = reach(d);
            integers[labels / 4 + p] = j;
          } else memory[at] = lower(d) + drift;
        }
      }
      return computed;
    },
    addToSums(x, points, cols, labels, stale, sums, counts) {
      for (let p = 0; p < points; p++) {
        const label = integers[labels / 4 + p]!;
        integers[counts / 4 + label]! += 1;
        if (integers[stale / 4 + label] === 0) continue;
        for (let j = 0; j < cols; j++) {
          memory[sums / 4 + label * cols + j]! += memory[x / 4 + p * cols + j]!;
        }
      }
    },
  };
}
