import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Matrix } from "../src/core/matrix.ts";
import { Stream } from "../src/core/stream.ts";
import { evaluate } from "../src/metrics/evaluate.ts";
import { evidenceOf } from "../src/metrics/evidence.ts";
import { SampleSet } from "../src/metrics/sample-set.ts";
import { selectMetrics } from "../src/metrics/select.ts";
import { measure, median, peakMemory, seconds, shown, topicRows } from "./support/measure.ts";

const SIZE = 5000;
const WIDTH = 768;
const REPEATS = 5;
const GROWTH = [1000, 2000, 5000, 10_000, 20_000];
const IDS = ["mauve-c5", "fid", "vendi"] as const;

/** The value of one metric, computed from nothing. */
async function compute(id: string, gold: SampleSet, rows: Matrix): Promise<number | null> {
  const synthetic = new SampleSet({ embeddings: rows });
  const input = {
    synthetic,
    gold,
    evidence: evidenceOf({}),
  };
  const [found] = await evaluate(selectMetrics([id]), input, Stream.root(0));
  return found!.value.value;
}

type References = Readonly<Record<string, { readonly seconds: number; readonly value: number; readonly of: string }>>;

/** The reference packages on the same rows; empty where MOPBENCH_REFERENCE_PYTHON names no Python. */
function references(gold: Matrix, synthetic: Matrix): References {
  const python = process.env.MOPBENCH_REFERENCE_PYTHON;
  if (python === undefined || python === "") {
    console.log("  MOPBENCH_REFERENCE_PYTHON names no Python: no references beside these.");
    return {};
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), "mopbench-sets-"));
  try {
    const files = [gold, synthetic].map((m, i) => {
      const file = path.join(folder, `${i}.f32`);
      writeFileSync(file, m.data);
      return file;
    });
    const script = fileURLToPath(new URL("sets_reference.py", import.meta.url));
    return JSON.parse(execFileSync(python, [script, ...files, String(gold.cols)], { encoding: "utf8" }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Prints the times of MAUVE, FID and Vendi, the references' on the same rows in the same minute, and growth with n. */
export async function benchmarkSets(): Promise<void> {
  const gold = topicRows(SIZE, WIDTH, 1, 0);
  const synthetic = topicRows(SIZE, WIDTH, 2, 0.002);
  console.log(`Set metrics: ${SIZE} + ${SIZE} x ${WIDTH} float32, one thread, median of ${REPEATS}`);
  const ours = new Map<string, { cpu: number; value: number | null }>();
  for (const id of IDS) {
    let value: number | null = null;
    const run = async (set: SampleSet) => {
      value = await compute(id, set, synthetic);
    };
    const timing = await median(REPEATS, () => run(new SampleSet({ embeddings: gold })));
    const known = new SampleSet({ embeddings: gold });
    await run(known);
    const again = await median(REPEATS, () => run(known));
    // The references of Vendi score one set, ours both unless gold's part is known.
    ours.set(id, { cpu: id === "vendi" ? again.cpu : timing.cpu, value });
    console.log(`  ${id}: ${shown(timing)}; gold's part known: ${shown(again)}`);
  }
  for (const [name, { seconds: cpu, value, of }] of Object.entries(references(gold, synthetic))) {
    const own = ours.get(of)!;
    console.log(`  ${name}: ${seconds(cpu)} CPU, ${(cpu / own.cpu).toFixed(1)} x ours; ${value}, ours ${own.value}`);
  }
  for (const id of IDS) {
    const growth: string[] = [];
    for (const n of GROWTH) {
      const set = new SampleSet({ embeddings: topicRows(n, WIDTH, 3, 0) });
      const rows = topicRows(n, WIDTH, 4, 0.002);
      growth.push(`${n}: ${seconds((await measure(() => compute(id, set, rows))).cpu)}`);
    }
    console.log(`  ${id}, growth with n: ${growth.join(", ")}`);
  }
  console.log(`  peak memory ${peakMemory()}`);
}
