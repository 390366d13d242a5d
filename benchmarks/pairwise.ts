import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Matrix, unitRows } from "../src/core/matrix.ts";
import { Stream } from "../src/core/stream.ts";
import { evaluate } from "../src/metrics/evaluate.ts";
import { evidenceOf } from "../src/metrics/evidence.ts";
import { SampleSet } from "../src/metrics/sample-set.ts";
import { selectMetrics } from "../src/metrics/select.ts";
import { measure, peakMemory, seconds, shown, type Timing } from "./support/measure.ts";

const SIZE = 5000;
const WIDTH = 768;
const GROWTH = [1000, 2000, 5000, 10_000, 20_000];
const REPEATS = 5;
/** A method's cell in a run. */
const SMALL = { size: 400, width: 128, cells: 40 };

const FUSED = ["kl-cosine", "js-cosine", "aps", "mmd-rbf", "kid", "precision", "recall", "density", "coverage"];
/** What the reference packages need for the same: one call a family, none shares work with another. */
const REFERENCES_OF_FUSED = ["kl-cosine", "aps", "density", "mmd-rbf", "kid"];
const ALONE = ["sliced-wasserstein", "share-js", "c2st"];

/** Unit rows about fifty topics. */
function makeRows(rows: number, cols: number, seed: number): Matrix {
  const topics = Stream.root(0).derive("benchmark", "topics");
  const random = Stream.root(seed).derive("benchmark", "rows");
  const centers = Float32Array.from({ length: 50 * cols }, () => topics.normal());
  const data = new Float32Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    const topic = random.int(50) * cols;
    for (let k = 0; k < cols; k++) data[i * cols + k] = centers[topic + k]! + 0.9 * random.normal();
  }
  return unitRows({ data, rows, cols });
}

interface Measured extends Timing {
  readonly values: Readonly<Record<string, number | null>>;
}

/** Computes metrics once on a fresh synthetic set. */
async function once(ids: readonly string[], gold: SampleSet, rows: Matrix): Promise<Measured> {
  const synthetic = new SampleSet({ embeddings: rows });
  const input = {
    synthetic,
    gold,
    evidence: evidenceOf({}),
  };
  const values: Record<string, number | null> = {};
  const timing = await measure(async () => {
    const found = await evaluate(selectMetrics(ids), input, Stream.root(0));
    for (const { metric, value } of found) values[metric.id] = value.value;
  });
  return { ...timing, values };
}

/** The run of median processor time. */
async function median(repeats: number, run: () => Promise<Measured>): Promise<Measured> {
  const timings: Measured[] = [];
  for (let i = 0; i < repeats; i++) timings.push(await run());
  return timings.sort((a, b) => a.cpu - b.cpu)[repeats >> 1]!;
}

type References = Readonly<Record<string, { readonly seconds: number; readonly value: number }>>;

/** The reference packages on the same rows; empty where MOPBENCH_REFERENCE_PYTHON names no Python. */
function references(gold: Matrix, synthetic: Matrix): References {
  const python = process.env.MOPBENCH_REFERENCE_PYTHON;
  if (python === undefined || python === "") {
    console.log("  MOPBENCH_REFERENCE_PYTHON names no Python: no references beside these.");
    return {};
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), "mopbench-pairwise-"));
  try {
    const files = [gold, synthetic].map((m, i) => {
      const file = path.join(folder, `${i}.f32`);
      writeFileSync(file, m.data);
      return file;
    });
    const script = fileURLToPath(new URL("pairwise_reference.py", import.meta.url));
    return JSON.parse(execFileSync(python, [script, ...files, String(gold.cols)], { encoding: "utf8" }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Prints our times, the references' on the same rows in the same minute, their ratios, values side by side, and growth with n. */
export async function benchmarkPairwise(): Promise<void> {
  const gold = makeRows(SIZE, WIDTH, 1);
  const synthetic = makeRows(SIZE, WIDTH, 2);
  console.log(`Embedding metrics: ${SIZE} + ${SIZE} x ${WIDTH} float32, one thread, median of ${REPEATS}`);
  const fused = await median(REPEATS, () => once(FUSED, new SampleSet({ embeddings: gold }), synthetic));
  console.log(`  one pass for KL and JS cosine, APS, MMD, KID, PRDC: ${shown(fused)}`);
  const known = new SampleSet({ embeddings: gold });
  await once(FUSED, known, synthetic);
  console.log(`  the same, gold's part known: ${shown(await median(REPEATS, () => once(FUSED, known, synthetic)))}`);
  const alone: Record<string, Measured> = {};
  for (const id of ALONE) {
    alone[id] = await median(3, () => once([id], new SampleSet({ embeddings: gold }), synthetic));
    console.log(`  ${id}: ${shown(alone[id])}`);
  }

  const theirs = references(gold, synthetic);
  let sum = 0;
  for (const [name, { seconds: cpu, value }] of Object.entries(theirs)) {
    if (REFERENCES_OF_FUSED.includes(name)) sum += cpu;
    const own = fused.values[name] ?? alone[name]?.values[name];
    console.log(`  reference ${name}: ${seconds(cpu)} CPU, value ${value.toPrecision(8)}, ours ${own?.toPrecision(8)}`);
  }
  if (sum > 0)
    console.log(
      `  the references of the one pass together: ${seconds(sum)} CPU: ${(sum / fused.cpu).toFixed(1)} x ours`,
    );

  const { size, width, cells } = SMALL;
  const shared = new SampleSet({ embeddings: makeRows(size, width, 1) });
  const sets = Array.from({ length: cells }, (_, i) => makeRows(size, width, i + 2));
  const start = performance.now();
  for (const rows of sets) await once(FUSED, shared, rows);
  console.log(
    `  ${cells} cells of ${size} x ${width} against one gold set: ${seconds((performance.now() - start) / 1000)}`,
  );

  const growth: string[] = [];
  for (const n of GROWTH) {
    const timing = await once(FUSED, new SampleSet({ embeddings: makeRows(n, WIDTH, 3) }), makeRows(n, WIDTH, 4));
    growth.push(`${n}: ${seconds(timing.cpu)}`);
  }
  console.log(`  growth with n: ${growth.join(", ")}`);
  console.log(`  peak memory ${peakMemory()}`);
}
