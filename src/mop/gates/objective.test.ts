import { describe, expect, it } from "vitest";
import type { Matrix } from "../../core/matrix.ts";
import { Stream } from "../../core/stream.ts";
import { randomPairs } from "../../testing/random-pairs.ts";
import type { ScoredPairs } from "../scores/scored-pairs.ts";
import { GateObjective } from "./objective.ts";
import { type GateInputs, GateParameters, withConstant } from "./parameters.ts";

const K = 5;
const N = 7;
const C = 4;
const width = 6;
const rank = 3;
const n = 9;
const S = 6;

function randomMatrix(rows: number, cols: number, random: Stream): Matrix {
  return { data: Float32Array.from({ length: rows * cols }, () => random.normal()), rows, cols };
}

function world(): { inputs: GateInputs; pairs: ScoredPairs; parameters: GateParameters } {
  const random = Stream.root(3).derive("objective");
  const inputs = {
    contexts: withConstant(randomMatrix(C, width, random)),
    personas: randomMatrix(K, width, random),
    exemplars: randomMatrix(N, width, random),
  };
  const pairs = randomPairs({ n, S, C, K, N }, random);
  const parameters = new GateParameters(rank, width + 1, width);
  for (let t = 0; t < parameters.values.length; t++) parameters.values[t] = 0.4 * random.normal();
  return { inputs, pairs, parameters };
}

function logLikelihoods(objective: GateObjective, parameters: GateParameters, records: readonly number[]): number[] {
  const values: number[] = [];
  objective.visit(parameters, records, ({ logLikelihood }, at) => {
    values[at] = logLikelihood;
  });
  return values;
}

describe("GateObjective", () => {
  it.each([
    { renormalize: false, lambda: 0 },
    { renormalize: false, lambda: 0.7 },
    { renormalize: true, lambda: 0.2 },
  ])("has the gradient that finite differences show: %o", ({ lambda, ...options }) => {
    const { inputs, pairs, parameters } = world();
    const objective = new GateObjective(inputs, pairs, { ...options, precision: "float64", rank, capacity: C });
    const batch = Array.from({ length: n }, (_, i) => i);
    const gradient = new GateParameters(rank, width + 1, width);
    objective.lossAndGradient(parameters, { batch, lambda }, gradient);
    const scratch = new GateParameters(rank, width + 1, width);
    const h = 1e-5;
    let worst = 0;
    for (let t = 0; t < parameters.values.length; t++) {
      const shifted = (by: number): number => {
        const moved = parameters.copy();
        moved.values[t]! += by;
        const { negativeLogLikelihood, penalty } = objective.lossAndGradient(moved, { batch, lambda }, scratch);
        return negativeLogLikelihood + penalty;
      };
      worst = Math.max(worst, Math.abs((shifted(h) - shifted(-h)) / (2 * h) - gradient.values[t]!));
    }
    expect(worst).toBeLessThan(1e-8);
  });

  it("has the same gradient in float32 but for rounding", () => {
    const { inputs, pairs, parameters } = world();
    const batch = Array.from({ length: n }, (_, i) => i);
    const gradients = (["float32", "float64"] as const).map((precision) => {
      const objective = new GateObjective(inputs, pairs, { renormalize: false, precision, rank, capacity: C });
      const gradient = new GateParameters(rank, width + 1, width);
      objective.lossAndGradient(parameters, { batch, lambda: 0.3 }, gradient);
      return gradient.values;
    });
    for (const [t, value] of gradients[0]!.entries()) expect(Math.abs(value - gradients[1]![t]!)).toBeLessThan(1e-5);
  });

  it("weighs as a plain double softmax does", () => {
    const { inputs, pairs, parameters } = world();
    const objective = new GateObjective(inputs, pairs, { renormalize: false, precision: "float64", rank, capacity: 2 });
    const project = (w: Float64Array, m: Matrix, i: number): number[] =>
      Array.from({ length: rank }, (_, d) => {
        let sum = 0;
        for (let t = 0; t < m.cols; t++) sum += w[d * m.cols + t]! * m.data[i * m.cols + t]!;
        return sum;
      });
    const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, v, t) => sum + v * b[t]!, 0);
    const x = Array.from({ length: C }, (_, c) => project(parameters.contexts, inputs.contexts, c));
    const g = Array.from({ length: K }, (_, k) => project(parameters.personas, inputs.personas, k));
    const e = Array.from({ length: N }, (_, j) => project(parameters.exemplars, inputs.exemplars!, j));
    const expected = Array.from({ length: n }, (_, i) => {
      const xi = x[i % C]!;
      const personas = g.map((gk) => Math.exp(dot(xi, gk)));
      const all = personas.reduce((a, b) => a + b, 0);
      let sum = 0;
      for (let t = i * S; t < (i + 1) * S; t++) {
        const k = pairs.persona[t]!;
        const weights = e.map((ej, j) => (pairs.masked[i]!.includes(j) ? 0 : Math.exp(dot(xi, ej) + dot(g[k]!, ej))));
        const omega = weights[pairs.exemplar[t]!]! / weights.reduce((a, b) => a + b, 0);
        sum += (personas[k]! / all) * omega * Math.exp(pairs.logWeight[t]! + pairs.logLikelihood[t]!);
      }
      return Math.log(sum);
    });
    const found = logLikelihoods(
      objective,
      parameters,
      Array.from({ length: n }, (_, i) => i),
    );
    for (let i = 0; i < n; i++) expect(found[i]).toBeCloseTo(expected[i]!, 9);
  });

  it("makes the weights of the pairs sum to one where they are all there are", () => {
    const { inputs, pairs, parameters } = world();
    const flat = { ...pairs, logWeight: new Float64Array(n * S), logLikelihood: new Float64Array(n * S).fill(-7) };
    const active = new GateObjective(inputs, flat, { renormalize: true, rank, capacity: C });
    for (const value of logLikelihoods(active, parameters, [0, 1, 2])) expect(value).toBeCloseTo(-7, 12);
  });

  it("says what each half of the pairs says alone", () => {
    const { inputs, pairs, parameters } = world();
    const half = (first: number): ScoredPairs => {
      const taken = Int32Array.from({ length: n * (S / 2) }, (_, t) => 2 * t + first);
      return {
        ...pairs,
        perRecord: S / 2,
        persona: taken.map((t) => pairs.persona[t]!),
        exemplar: taken.map((t) => pairs.exemplar[t]!),
        logWeight: Float64Array.from(taken, (t) => pairs.logWeight[t]! + Math.LN2),
        logLikelihood: Float64Array.from(taken, (t) => pairs.logLikelihood[t]!),
      };
    };
    const all = Array.from({ length: n }, (_, i) => i);
    const [even, odd] = [0, 1].map((first) =>
      logLikelihoods(
        new GateObjective(inputs, half(first), { renormalize: false, rank, capacity: C }),
        parameters,
        all,
      ),
    );
    const objective = new GateObjective(inputs, pairs, { renormalize: false, rank, capacity: C });
    objective.visit(parameters, all, ({ ofHalves }, i) => expect(ofHalves).toBeCloseTo((even![i]! + odd![i]!) / 2, 9));
  });

  it("starts uniform: pi = 1/K and Omega = 1/N, or 1/(N - 1) where the own text is masked", () => {
    const { inputs, pairs } = world();
    const flat = { ...pairs, logWeight: new Float64Array(n * S), logLikelihood: new Float64Array(n * S) };
    const objective = new GateObjective(inputs, flat, { renormalize: false, rank, capacity: C });
    const start = GateParameters.uniformStart(rank, width + 1, width, Stream.root(1));
    const found = logLikelihoods(objective, start, [0, 1]);
    expect(found[0]).toBeCloseTo(Math.log(S / (K * (N - 1))), 12);
    expect(found[1]).toBeCloseTo(Math.log(S / (K * N)), 12);
  });

  it("leaves out pairs that could not be scored", () => {
    const { inputs, pairs, parameters } = world();
    const logLikelihood = pairs.logLikelihood.slice();
    logLikelihood[1] = Number.NEGATIVE_INFINITY;
    const objective = new GateObjective(inputs, { ...pairs, logLikelihood }, { renormalize: false, rank, capacity: C });
    objective.visit(parameters, [0], ({ logLikelihood: total, posterior }) => {
      expect(Number.isFinite(total)).toBe(true);
      expect(posterior[1]).toBe(0);
      expect(posterior.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    });
  });
});
