import { describe, expect, it } from "vitest";
import { Stream } from "../../core/stream.ts";
import type { ScoredPairs } from "../scores/scored-pairs.ts";
import { diagnose } from "./diagnose.ts";
import { effectiveNumber } from "./marginals.ts";
import { GateParameters, withConstant } from "./parameters.ts";

const K = 4;
const N = 50;
const n = 60;
const S = 8;

const random = Stream.root(11);
const size = n * S;
const pairs: ScoredPairs = {
  perRecord: S,
  sampled: true,
  context: new Int32Array(n),
  masked: Array.from({ length: n }, () => new Int32Array(0)),
  persona: Int32Array.from({ length: size }, () => random.int(K)),
  exemplar: Int32Array.from({ length: size }, () => random.int(N)),
  logWeight: new Float64Array(size),
  logLikelihood: Float64Array.from({ length: size }, () => 1.2 * random.normal()),
};
const ones = (rows: number) => ({ data: new Float32Array(rows * 3).fill(1), rows, cols: 3 });
const inputs = { contexts: withConstant(ones(1)), personas: ones(K), exemplars: ones(N) };
const fit = {
  parameters: GateParameters.uniformStart(2, 4, 3, Stream.root(1)),
  judges: Int32Array.from({ length: n }, (_, i) => i),
};

it("counts pairs, personas and exemplars in effect", () => {
  const diagnosis = diagnose(inputs, pairs, fit, { rank: 2, activePairs: null });
  expect(diagnosis.pairsPerRecord).toBe(S);
  expect(diagnosis.effectivePersonas).toBeCloseTo(K, 9);
  expect(diagnosis.effectiveExemplars).toBeCloseTo(N, 9);
  expect(diagnosis.effectivePairs).toBeGreaterThan(1);
  expect(diagnosis.effectivePairs).toBeLessThan(S);
});

describe("effectiveNumber", () => {
  it("is n for n equal weights and 1 for one", () => {
    expect(effectiveNumber([0.25, 0.25, 0.25, 0.25])).toBeCloseTo(4, 12);
    expect(effectiveNumber([1, 0, 0])).toBe(1);
  });
});
