import { describe, expect, it } from "vitest";
import { Stream } from "../../../core/stream.ts";
import type { ScoredPairs } from "../scores/scored-pairs.ts";
import { diagnose } from "./diagnose.ts";
import { effectiveNumber } from "./marginals.ts";
import { GateParameters, withConstant } from "./parameters.ts";

const K = 4;
const N = 50;
const n = 600;

/** Uniform draws of pairs whose log-likelihoods differ by a nat or so, so that the exact answer is known. */
function sample(S: number): { pairs: ScoredPairs; exact: number } {
  const random = Stream.root(11);
  const likelihood = Float64Array.from({ length: K * N }, () => Math.exp(1.2 * random.normal()));
  const size = n * S;
  const persona = Int32Array.from({ length: size }, () => random.int(K));
  const exemplar = Int32Array.from({ length: size }, () => random.int(N));
  const pairs = {
    perRecord: S,
    sampled: true,
    context: new Int32Array(n),
    own: new Int32Array(n).fill(-1),
    persona,
    exemplar,
    logWeight: new Float64Array(size).fill(Math.log((K * N) / S)),
    logLikelihood: Float64Array.from(persona, (k, t) => Math.log(likelihood[k * N + exemplar[t]!]!)),
  };
  return { pairs, exact: -Math.log(likelihood.reduce((a, b) => a + b, 0) / (K * N)) };
}

const ones = (rows: number) => ({ data: new Float32Array(rows * 3).fill(1), rows, cols: 3 });
const inputs = { contexts: withConstant(ones(1)), personas: ones(K), exemplars: ones(N) };
const options = { activePairs: null, renormalise: false, rank: 2 };

function diagnosed(S: number, activePairs: number | null = null) {
  const { pairs, exact } = sample(S);
  const parameters = GateParameters.uniformStart(2, 4, 3, Stream.root(1));
  const records = Int32Array.from({ length: n }, (_, i) => i);
  const fit = {
    parameters,
    penalty: null,
    uniformHeldOut: 0,
    heldOut: 0,
    gainError: 0,
    curve: [],
    heldOutRecords: records,
    trainRecords: records,
  };
  return { exact, diagnosis: diagnose(inputs, pairs, fit, { ...options, activePairs }) };
}

describe("diagnose", () => {
  it("shows a bias that falls as more pairs are scored", () => {
    const { exact, diagnosis } = diagnosed(32);
    const gaps = diagnosis.heldOutByPairs.map(({ heldOut }) => heldOut - exact);
    expect(diagnosis.heldOutByPairs.map(({ pairs }) => pairs)).toEqual([8, 16, 32]);
    expect(gaps[0]).toBeGreaterThan(gaps[1]!);
    expect(gaps[1]).toBeGreaterThan(gaps[2]!);
    expect(gaps[2]).toBeGreaterThan(0);
  });

  it("estimates that bias to second order", () => {
    const { exact, diagnosis } = diagnosed(32);
    const actual = exact - diagnosis.heldOutByPairs[2]!.heldOut;
    const bias = Number(diagnosis.jensenBias);
    expect(bias).toBeLessThan(0);
    expect(Math.abs(bias - actual)).toBeLessThan(0.03);
    expect(Number(diagnosed(8).diagnosis.jensenBias)).toBeLessThan(2 * bias);
  });

  it("counts personas and exemplars in effect", () => {
    const { diagnosis } = diagnosed(8);
    expect(diagnosis.effectivePersonas).toBeCloseTo(K, 9);
    expect(diagnosis.effectiveExemplars).toBeCloseTo(N, 9);
    expect(diagnosis.effectivePairs).toBeGreaterThan(1);
    expect(diagnosis.effectivePairs).toBeLessThan(8);
  });

  it("knows no bias where only M pairs are active", () => {
    const { diagnosis } = diagnosed(8, 3);
    expect(diagnosis.jensenBias).toBeNull();
    expect(diagnosis.heldOutByPairs).toEqual([]);
  });
});

describe("effectiveNumber", () => {
  it("is n for n equal weights and 1 for one", () => {
    expect(effectiveNumber([0.25, 0.25, 0.25, 0.25])).toBeCloseTo(4, 12);
    expect(effectiveNumber([1, 0, 0])).toBe(1);
  });
});
