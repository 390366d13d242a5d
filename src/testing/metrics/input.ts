import { type Matrix, matrix } from "../../core/matrix.ts";
import { Stream } from "../../core/stream.ts";
import type { MetricInput } from "../../metrics/metric.ts";
import { SampleSet } from "../../metrics/sample-set.ts";

/** A metric's input with nothing but two sets, to which tests add what they are about. */
export function metricInput(gold: SampleSet, synthetic: SampleSet, more: Partial<MetricInput> = {}): MetricInput {
  return {
    gold,
    synthetic,
    exemplars: null,
    train: null,
    ownerTv: { reason: "The true personas are not known." },
    options: { mauveSeed: 25, neighbors: 5, shareClusters: 24 },
    ...more,
  };
}

export const embedded = (embeddings: Matrix) => new SampleSet({ embeddings });

/** Independent normal rows about a center. */
export function normalRows(rows: number, cols: number, seed: number, center = 0): Matrix {
  const random = Stream.root(seed).derive("rows", rows, cols);
  return matrix(
    Float32Array.from({ length: rows * cols }, () => center + random.normal()),
    rows,
    cols,
  );
}
