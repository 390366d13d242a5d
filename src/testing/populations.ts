import type { Matrix } from "../core/matrix.ts";
import type { Stream } from "../core/stream.ts";
import { evidenceOf } from "../metrics/evidence.ts";
import type { MetricInput } from "../metrics/metric.ts";
import { SampleSet } from "../metrics/sample-set.ts";

/**
 * Points for tests and simulations: unit-norm-like embeddings from a mixture of `topics` Gaussians, shifted by `shift` along the
 * first axis and spread by `spread`.
 */
export function points(
  random: Stream,
  n: number,
  d: number,
  { shift = 0, spread = 1, topics = 4 }: { shift?: number; spread?: number; topics?: number } = {},
): Matrix {
  const data = new Float32Array(n * d);
  for (let i = 0; i < n; i++) {
    const topic = random.int(topics);
    for (let j = 0; j < d; j++) {
      const center = j % topics === topic ? 1 : 0;
      data[i * d + j] = (center + spread * random.normal() + (j === 0 ? shift : 0)) / Math.sqrt(d);
    }
  }
  return { data, rows: n, cols: d };
}

/** A set of embeddings alone. */
export function embeddingSet(matrix: Matrix): SampleSet {
  return new SampleSet({ embeddings: matrix });
}

/** What a metric needs beside the synthetic set, with nothing but gold in it. */
export function inputFor(gold: SampleSet): Omit<MetricInput, "synthetic"> {
  return {
    gold,
    evidence: evidenceOf({}),
  };
}
