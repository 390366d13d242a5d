import type { Matrix } from "../src/core/matrix.ts";
import { silent } from "../src/core/progress.ts";
import { Stream } from "../src/core/stream.ts";
import { fitGates, type GateFitOptions } from "../src/mop/gates/fit-gates.ts";
import { GateObjective } from "../src/mop/gates/objective.ts";
import { type GateInputs, GateParameters, withConstant } from "../src/mop/gates/parameters.ts";
import { foldsOf } from "../src/mop/held-out.ts";
import type { ScoredPairs } from "../src/mop/scores/scored-pairs.ts";

const K = 100;
const N = 1000;
const RECORDS = 4000;
const PAIRS = 16;
const RANK = 128;

const options: GateFitOptions = {
  rank: RANK,
  learningRate: 1e-3,
  batch: 32,
  penalties: [1, 0.3, 0.1, 0.03],
  maxSteps: 600,
  evaluateEvery: 20,
  patience: 4,
  renormalize: false,
  fallback: true,
  gateNoise: "none",
  exemplarMask: 0,
};

/** A table with something to learn: a seventh of the exemplars explains two nats more than the others. */
function makeWorld(contexts: number, width: number): { inputs: GateInputs; pairs: ScoredPairs } {
  const random = Stream.root(1).derive("benchmark", "fit");
  const rows = (count: number): Matrix => ({
    data: Float32Array.from({ length: count * width }, () => random.normal() / Math.sqrt(width)),
    rows: count,
    cols: width,
  });
  const size = RECORDS * PAIRS;
  const exemplar = Int32Array.from({ length: size }, () => random.int(N));
  return {
    inputs: { contexts: withConstant(rows(contexts)), personas: rows(K), exemplars: rows(N) },
    pairs: {
      perRecord: PAIRS,
      sampled: true,
      context: Int32Array.from({ length: RECORDS }, (_, i) => i % contexts),
      masked: Array.from({ length: RECORDS }, () => new Int32Array(0)),
      persona: Int32Array.from({ length: size }, () => random.int(K)),
      exemplar,
      logWeight: new Float64Array(size),
      logLikelihood: Float64Array.from(exemplar, (j) => -40 + 3 * random.normal() + (j % 7 === 0 ? 2 : 0)),
    },
  };
}

/** Milliseconds of one step with gradient on a batch of 32, median of some. */
function stepTime(contexts: number, width: number): number {
  const { inputs, pairs } = makeWorld(contexts, width);
  const objective = new GateObjective(inputs, pairs, { ...options, capacity: 32 });
  const parameters = GateParameters.uniformStart(RANK, width + 1, width, Stream.root(2));
  const gradient = new GateParameters(RANK, width + 1, width);
  const times = Array.from({ length: 15 }, (_, i) => {
    const batch = Array.from({ length: 32 }, (_, b) => (i * 32 + b) % RECORDS);
    const start = performance.now();
    objective.lossAndGradient(parameters, { batch, lambda: 0.3 }, gradient);
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[7]!;
}

/**
 * The peer: the same loss of one batch, no gradient, as it is written down, with a K x N array of weights for every record
 * from projections made beforehand.
 */
function plainLossTime(contexts: number): number {
  const { pairs } = makeWorld(contexts, 8);
  const random = Stream.root(3);
  const rows = (count: number): Float64Array[] =>
    Array.from({ length: count }, () => Float64Array.from({ length: RANK }, () => random.normal() / RANK));
  const [x, g, e] = [rows(contexts), rows(K), rows(N)];
  const dot = (a: Float64Array, b: Float64Array): number => {
    let sum = 0;
    for (let d = 0; d < RANK; d++) sum += a[d]! * b[d]!;
    return sum;
  };
  const start = performance.now();
  let loss = 0;
  for (let i = 0; i < 32; i++) {
    const xi = x[pairs.context[i]!]!;
    const toPersonas = g.map((gk) => Math.exp(dot(xi, gk)));
    const toExemplars = e.map((ej) => dot(xi, ej));
    const all = toPersonas.reduce((a, b) => a + b, 0);
    const weights = g.map((gk) => {
      const row = e.map((ej, j) => Math.exp(toExemplars[j]! + dot(gk, ej)));
      const sum = row.reduce((a, b) => a + b, 0);
      return row.map((value) => value / sum);
    });
    let likelihood = 0;
    for (let t = i * PAIRS; t < (i + 1) * PAIRS; t++) {
      const k = pairs.persona[t]!;
      likelihood += (toPersonas[k]! / all) * weights[k]![pairs.exemplar[t]!]! * Math.exp(pairs.logLikelihood[t]!);
    }
    loss -= Math.log(likelihood);
  }
  if (!Number.isFinite(loss)) throw new Error("The plain loss is not finite.");
  return performance.now() - start;
}

/** Prints seconds of a whole fit and milliseconds of a step, for few and for many distinct contexts. */
async function main(): Promise<void> {
  console.log(`Gate fit: K = ${K}, N = ${N}, ${RECORDS} records, S = ${PAIRS}, d = ${RANK}, one core.`);
  for (const [contexts, width] of [
    [30, 128],
    [30, 384],
    [30, 768],
    [RECORDS, 128],
  ] as const) {
    const { inputs, pairs } = makeWorld(contexts, width);
    const start = performance.now();
    const groups = Int32Array.from({ length: RECORDS }, (_, i) => i);
    const folds = foldsOf(groups, 0.15, 1, Stream.root(4));
    const fit = await fitGates(
      { data: { inputs, pairs, active: null }, sampled: pairs, folds, groups },
      options,
      Stream.root(4),
      { progress: silent },
    );
    const seconds = (performance.now() - start) / 1000;
    const steps = fit.curve.length * options.evaluateEvery;
    const step = stepTime(contexts, width);
    const peer = plainLossTime(contexts);
    console.log(
      `${String(contexts).padStart(5)} contexts, encoder width ${String(width).padStart(3)}: ${seconds.toFixed(1)} s for ${steps} steps; a step ${step.toFixed(1)} ms, the plain loss alone ${peer.toFixed(0)} ms (${(peer / step).toFixed(0)} x)`,
    );
  }
}

await main();
