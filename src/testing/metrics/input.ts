import { type Matrix, matrix } from "../../core/matrix.ts";
import { Stream } from "../../core/stream.ts";
import { evidenceOf, type Offered } from "../../metrics/evidence.ts";
import type { MetricInput } from "../../metrics/metric.ts";
import { SampleSet } from "../../metrics/sample-set.ts";

/** A metric's input with nothing but two sets, and the evidence that a test is about. */
export function metricInput(gold: SampleSet, synthetic: SampleSet, offered: Offered = {}): MetricInput {
  return {
    gold,
    synthetic,
    evidence: evidenceOf(offered),
  };
}

export const embeddingSet = (embeddings: Matrix) => new SampleSet({ embeddings });

/** Independent normal rows about a center. */
export function normalRows(rows: number, cols: number, seed: number, center = 0): Matrix {
  const random = Stream.root(seed).derive("rows", rows, cols);
  return matrix(
    Float32Array.from({ length: rows * cols }, () => center + random.normal()),
    rows,
    cols,
  );
}
