import { type Matrix, unitRows } from "../../src/core/matrix.ts";
import { Stream } from "../../src/core/stream.ts";

/** What a run took: seconds of this process's processor time, which other processes disturb less, and of the clock. */
export interface Timing {
  readonly cpu: number;
  readonly wall: number;
}

/** Runs once and measures. */
export async function measure(run: () => unknown): Promise<Timing> {
  const before = process.cpuUsage();
  const start = performance.now();
  await run();
  const wall = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1e6, wall };
}

/** The run of median processor time. */
export async function median(repeats: number, run: () => unknown): Promise<Timing> {
  const timings: Timing[] = [];
  for (let i = 0; i < repeats; i++) timings.push(await measure(run));
  return timings.sort((a, b) => a.cpu - b.cpu)[repeats >> 1]!;
}

export const seconds = (value: number): string =>
  value < 0.1 ? `${(1000 * value).toFixed(1)} ms` : `${value.toFixed(2)} s`;

export const shown = ({ cpu, wall }: Timing): string => `${seconds(cpu)} CPU, ${seconds(wall)} wall`;

export const peakMemory = (): string => `${Math.round(process.resourceUsage().maxRSS / 1024)} MB`;

/**
 * Unit rows like a text encoder's: fifty topics, and inside a topic directions whose variance falls as 1 / (1 + j / 20).
 *
 * @param drift how far the topics' centers are moved, by coordinate.
 */
export function topicRows(rows: number, cols: number, seed: number, drift: number): Matrix {
  const topics = Stream.root(0).derive("benchmark", "topics");
  const centers = Float32Array.from({ length: 50 * cols }, () => topics.normal() / Math.sqrt(cols));
  const random = Stream.root(seed).derive("benchmark", "rows");
  const spread = Float64Array.from({ length: cols }, (_, j) => 1 / Math.sqrt(1 + j / 20));
  const norm = Math.sqrt(spread.reduce((sum, x) => sum + x * x, 0));
  const data = new Float32Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    const topic = random.int(50) * cols;
    for (let j = 0; j < cols; j++) {
      data[i * cols + j] = centers[topic + j]! + drift + (random.normal() * spread[j]!) / norm;
    }
  }
  return unitRows({ data, rows, cols });
}
