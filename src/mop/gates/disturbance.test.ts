import { describe, expect, it } from "vitest";
import type { Matrix } from "../../core/matrix.ts";
import { Stream } from "../../core/stream.ts";
import { randomPairs } from "../../testing/random-pairs.ts";
import type { ScoredPairs } from "../scores/scored-pairs.ts";
import { type Disturbance, makeDisturbance } from "./disturbance.ts";
import { ExemplarMask } from "./exemplar-mask.ts";
import { LogitNoise } from "./logit-noise.ts";
import { GateObjective } from "./objective.ts";
import { type GateInputs, GateParameters, withConstant } from "./parameters.ts";

const [K, N, C, width, rank, n, S] = [4, 6, 3, 5, 3, 8, 5];
const batch = Array.from({ length: n }, (_, i) => i);

function world(): { inputs: GateInputs; pairs: ScoredPairs; parameters: GateParameters } {
  const random = Stream.root(4).derive("disturbed");
  const matrix = (rows: number): Matrix => ({
    data: Float32Array.from({ length: rows * width }, () => random.normal()),
    rows,
    cols: width,
  });
  const parameters = new GateParameters(rank, width + 1, width);
  for (let t = 0; t < parameters.values.length; t++) parameters.values[t] = 0.4 * random.normal();
  return {
    inputs: { contexts: withConstant(matrix(C)), personas: matrix(K), exemplars: matrix(N) },
    pairs: randomPairs({ n, S, C, K, N }, random),
    parameters,
  };
}

function disturb(inputs: GateInputs, gateNoise: "none" | "learned", exemplarMask: number): Disturbance {
  const disturbance = makeDisturbance(inputs, n, { gateNoise, exemplarMask, learningRate: 0.01 });
  if (disturbance === null) throw new Error("Nothing is disturbed.");
  disturbance.draw(n, Stream.root(5));
  return disturbance;
}

/** Largest difference between a gradient and central differences of `loss` in `values`. */
function worstGap(values: Float64Array, gradient: Float64Array, loss: () => number): number {
  const h = 1e-5;
  let worst = 0;
  for (let t = 0; t < values.length; t++) {
    const kept = values[t]!;
    values[t] = kept + h;
    const above = loss();
    values[t] = kept - h;
    const below = loss();
    values[t] = kept;
    worst = Math.max(worst, Math.abs((above - below) / (2 * h) - gradient[t]!));
  }
  return worst;
}

describe("a disturbed step", () => {
  it.each([
    { gateNoise: "learned", exemplarMask: 0, renormalize: false, lambda: 0.3 },
    { gateNoise: "learned", exemplarMask: 0.4, renormalize: true, lambda: 0 },
    { gateNoise: "none", exemplarMask: 0.4, renormalize: false, lambda: 0.7 },
    { gateNoise: "learned", exemplarMask: 0.4, renormalize: false, lambda: 0.3 },
  ] as const)(
    "has the gradient that finite differences show: %o",
    ({ gateNoise, exemplarMask, lambda, ...options }) => {
      const { inputs, pairs, parameters } = world();
      const objective = new GateObjective(inputs, pairs, { ...options, precision: "float64", rank, capacity: n });
      const disturbance = disturb(inputs, gateNoise, exemplarMask);
      const scratch = new GateParameters(rank, width + 1, width);
      const loss = () => {
        const { negativeLogLikelihood, penalty } = objective.lossAndGradient(
          parameters,
          { batch, lambda, disturbance },
          scratch,
        );
        return negativeLogLikelihood + penalty;
      };
      for (const noise of [disturbance.personas, disturbance.exemplars])
        for (const t of noise?.weights.keys() ?? []) noise!.weights[t] = 0.3 * Math.sin(t);
      loss();
      const gradient = scratch.values.slice();
      const noises = [disturbance.personas, disturbance.exemplars].map((noise) => noise?.gradient.slice());
      expect(worstGap(parameters.values, gradient, loss)).toBeLessThan(1e-8);
      for (const [i, noise] of [disturbance.personas, disturbance.exemplars].entries())
        if (noise !== null) {
          expect(noises[i]!.some((value) => Math.abs(value) > 1e-3)).toBe(true);
          expect(worstGap(noise.weights, noises[i]!, loss)).toBeLessThan(1e-8);
        }
    },
  );

  it("is an undisturbed one when the noise has no deviation and nothing is hidden", () => {
    const { inputs, pairs, parameters } = world();
    const objective = new GateObjective(inputs, pairs, { renormalize: false, precision: "float64", rank, capacity: n });
    const disturbance = disturb(inputs, "learned", 0);
    // softplus(-1000) is 0; the constant at the end of each context's row is 1.
    for (const noise of [disturbance.personas!, disturbance.exemplars!])
      for (let t = width; t < noise.weights.length; t += width + 1) noise.weights[t] = -1000;
    const [plain, disturbed] = [null, disturbance].map((given) => {
      const gradient = new GateParameters(rank, width + 1, width);
      const { negativeLogLikelihood, penalty } = objective.lossAndGradient(
        parameters,
        { batch, lambda: 0.3, disturbance: given },
        gradient,
      );
      return { loss: negativeLogLikelihood + penalty, gradient };
    });
    expect(disturbed!.loss).toBeCloseTo(plain!.loss, 12);
    for (const [t, value] of disturbed!.gradient.values.entries())
      expect(value).toBeCloseTo(plain!.gradient.values[t]!, 12);
  });

  it("gives a masked exemplar no weight and the others all of it", () => {
    const { inputs, pairs } = world();
    const flat = { ...pairs, logWeight: new Float64Array(n * S), logLikelihood: new Float64Array(n * S) };
    const objective = new GateObjective(inputs, flat, { renormalize: false, rank, capacity: n });
    const disturbance = disturb(inputs, "none", 0.5);
    const start = GateParameters.uniformStart(rank, width + 1, width, Stream.root(1));
    const gradient = new GateParameters(rank, width + 1, width);
    // Uniform weights: pairs seen of S, over K personas and the exemplars that are neither hidden nor the record's own.
    const expected = batch.map((i) => {
      const masked = [...pairs.masked[i]!];
      const hidden = (j: number) => disturbance.mask!.hides(i, j);
      const seen = pairs.exemplar.subarray(i * S, (i + 1) * S).filter((j) => !hidden(j)).length;
      const others = disturbance.mask!.shown(i) - masked.filter((j) => !hidden(j)).length;
      return seen === 0 ? 0 : Math.log(seen / (K * others));
    });
    const loss = objective.lossAndGradient(start, { batch, lambda: 0, disturbance }, gradient);
    expect(loss.negativeLogLikelihood).toBeCloseTo(-expected.reduce((a, b) => a + b, 0) / n, 12);
  });
});

describe("LogitNoise", () => {
  it("has deviation ln 2 at the start", () => {
    const rows = 20_000;
    const noise = new LogitNoise(1, 1, rows, 0.01);
    const logits = new Float64Array(rows);
    noise.draw(rows, Stream.root(1));
    noise.add(new Float64Array(rows).fill(1), rows, logits);
    const deviation = Math.sqrt(logits.reduce((sum, value) => sum + value ** 2, 0) / rows);
    // Standard error of a deviation: s / sqrt(2 n).
    expect(Math.abs(deviation - Math.LN2)).toBeLessThan((4 * Math.LN2) / Math.sqrt(2 * rows));
  });
});

describe("ExemplarMask", () => {
  it("hides each with its chance, and never all", () => {
    const rows = 20_000;
    const mask = new ExemplarMask(0.5, 2, rows);
    mask.draw(rows, Stream.root(1));
    const counts = [0, 0, 0];
    for (let r = 0; r < rows; r++) {
      counts[mask.shown(r)]!++;
      expect(mask.shown(r)).toBe(2 - Number(mask.hides(r, 0)) - Number(mask.hides(r, 1)));
    }
    // Both are shown in a quarter of the draws, and in the quarter that would hide both.
    expect(counts[0]).toBe(0);
    expect(Math.abs(counts[1]! - rows / 2)).toBeLessThan(4 * Math.sqrt(rows / 4));
  });
});
