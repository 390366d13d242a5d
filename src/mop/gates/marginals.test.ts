import { describe, expect, it } from "vitest";
import { type Matrix, row } from "../../core/matrix.ts";
import { Stream } from "../../core/stream.ts";
import { marginalWeights } from "./marginals.ts";
import { GateParameters, withConstant } from "./parameters.ts";

const [K, N, C, width, rank] = [3, 5, 4, 6, 2];

function world() {
  const random = Stream.root(8);
  const matrix = (rows: number): Matrix => ({
    data: Float32Array.from({ length: rows * width }, () => random.normal()),
    rows,
    cols: width,
  });
  const inputs = { contexts: withConstant(matrix(C)), personas: matrix(K), exemplars: matrix(N) };
  const parameters = new GateParameters(rank, width + 1, width);
  for (let t = 0; t < parameters.values.length; t++) parameters.values[t] = 0.4 * random.normal();
  return { inputs, parameters };
}

/** pi_k Omega_kj of a context as it is written down, K x N. */
function plainWeights({ inputs, parameters }: ReturnType<typeof world>, c: number): number[] {
  const project = (w: Float64Array, m: Matrix, i: number): number[] =>
    Array.from({ length: rank }, (_, d) => row(m, i).reduce((sum, value, t) => sum + value * w[d * m.cols + t]!, 0));
  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, v, t) => sum + v * b[t]!, 0);
  const scaled = (values: readonly number[]): number[] => {
    const sum = values.reduce((a, b) => a + b, 0);
    return values.map((value) => value / sum);
  };
  const x = project(parameters.contexts, inputs.contexts, c);
  const g = Array.from({ length: K }, (_, k) => project(parameters.personas, inputs.personas, k));
  const e = Array.from({ length: N }, (_, j) => project(parameters.exemplars, inputs.exemplars, j));
  const pi = scaled(g.map((gk) => Math.exp(dot(x, gk))));
  return g.flatMap((gk, k) => scaled(e.map((ej) => Math.exp(dot(x, ej) + dot(gk, ej)))).map((omega) => pi[k]! * omega));
}

describe("marginalWeights", () => {
  it.each([null, 4, 1])("are the mean weights that answers are drawn by, M = %s", (M) => {
    const given = world();
    const frequencies = [1, 2, 3, 4];
    const personas = new Float64Array(K);
    const exemplars = new Float64Array(N);
    for (let c = 0; c < C; c++) {
      const weights = plainWeights(given, c);
      const pairs = [...weights.keys()].sort((a, b) => weights[b]! - weights[a]!).slice(0, M ?? K * N);
      const total = pairs.reduce((sum, pair) => sum + weights[pair]!, 0);
      for (const pair of pairs) {
        personas[Math.floor(pair / N)]! += (frequencies[c]! / 10) * (weights[pair]! / total);
        exemplars[pair % N]! += (frequencies[c]! / 10) * (weights[pair]! / total);
      }
    }
    const found = marginalWeights(given.inputs, given.parameters, frequencies, M);
    for (let k = 0; k < K; k++) expect(found.personas[k]).toBeCloseTo(personas[k]!, 5);
    for (let j = 0; j < N; j++) expect(found.exemplars[j]).toBeCloseTo(exemplars[j]!, 5);
  });
});
