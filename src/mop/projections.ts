import { type Matrix, row, unitRows } from "../core/matrix.ts";
import type { Artifact } from "./artifact.ts";
import { withConstant } from "./gates/parameters.ts";

/** x~ of embedded contexts, float32: W_x [h; 1] for learned gates, unit rows for cosines. */
export function projectContexts(artifact: Pick<Artifact, "gate" | "matrices">, embedded: Matrix): Matrix {
  const weights = artifact.matrices.contextWeights;
  return weights === null ? unitRows(embedded) : projectRows(withConstant(embedded), weights);
}

/** H Wᵀ in float64, rounded to float32 at the end. */
export function projectRows(embedded: Matrix, weights: Matrix): Matrix {
  const data = new Float32Array(embedded.rows * weights.rows);
  for (let i = 0; i < embedded.rows; i++) {
    const h = row(embedded, i);
    for (let d = 0; d < weights.rows; d++) {
      const w = row(weights, d);
      let sum = 0;
      for (let t = 0; t < h.length; t++) sum += h[t]! * w[t]!;
      data[i * weights.rows + d] = sum;
    }
  }
  return { data, rows: embedded.rows, cols: weights.rows };
}
