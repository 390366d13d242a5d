import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Stream } from "../src/core/stream.ts";
import { evaluate } from "../src/metrics/evaluate.ts";
import { evidenceOf } from "../src/metrics/evidence.ts";
import { SampleSet } from "../src/metrics/sample-set.ts";
import { selectMetrics } from "../src/metrics/select.ts";
import { median, peakMemory, seconds } from "./support/measure.ts";

const SIZE = 5000;
const GROWTH = [1000, 2000, 5000, 10_000, 20_000];

/** What is timed together: all of it on fresh sets, tokenizing included. */
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  "Self-BLEU 2..5": ["self-bleu-2", "self-bleu-3", "self-bleu-4", "self-bleu-5"],
  "distinct, entropy 1..4": ["distinct-1", "distinct-2", "distinct-3", "distinct-4", "entropy"],
  "copied runs": ["longest-copy", "memorization"],
  compression: ["compression"],
  "n-gram Vendi": ["ngram-vendi"],
  "homogenization (ROUGE-L, all pairs)": ["homogenization"],
};

/** Texts of about 20 words: a Zipf vocabulary with stock phrases, so that n-grams of all lengths recur. */
function makeTexts(count: number, seed: number): string[] {
  const random = Stream.root(seed).derive("benchmark", "text");
  const word = () => `w${Math.floor(Math.exp(random.next() * Math.log(8000)))}`;
  const phrases = Array.from({ length: 300 }, () => Array.from({ length: 3 + random.int(4) }, word));
  return Array.from({ length: count }, () => {
    const words: string[] = [];
    const length = 10 + random.int(21);
    while (words.length < length) words.push(...(random.next() < 0.3 ? random.pick(phrases) : [word()]));
    return words.slice(0, length).join(" ");
  });
}

/**
 * Median seconds of processor time for one set, warm, and the first metric's value. Families that compute gold's own value too
 * would count twice: the same set stands on both sides.
 */
async function time(ids: readonly string[], texts: readonly string[], repeats: number) {
  const metrics = selectMetrics(ids);
  let value: number | null = null;
  const { cpu } = await median(repeats, async () => {
    const set = new SampleSet({ texts });
    const input = {
      synthetic: set,
      gold: set,
      evidence: evidenceOf({}),
    };
    const [first] = await evaluate(metrics, input, Stream.root(0));
    value = first?.value.value ?? null;
  });
  return { cpu, value };
}

interface Reference {
  readonly seconds: number;
  readonly n: number;
  readonly value: number;
}

/** The reference packages on the same texts; empty where MOPBENCH_REFERENCE_PYTHON names no Python. */
function references(texts: readonly string[]): Readonly<Record<string, Reference>> {
  const python = process.env.MOPBENCH_REFERENCE_PYTHON;
  if (python === undefined || python === "") {
    console.log("MOPBENCH_REFERENCE_PYTHON names no Python: no references beside these.");
    return {};
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), "mopbench-text-"));
  try {
    const file = path.join(folder, "texts.json");
    writeFileSync(file, JSON.stringify(texts));
    const script = fileURLToPath(new URL("text_reference.py", import.meta.url));
    return JSON.parse(execFileSync(python, [script, file], { encoding: "utf8" }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Prints our times, the references' on the same texts in the same minute, their ratios, and growth with n. */
export async function benchmarkText(): Promise<void> {
  const texts = makeTexts(SIZE, 1);
  const tokens = texts.reduce((sum, text) => sum + text.split(" ").length, 0) / SIZE;
  console.log(
    `Text metrics: ${SIZE} texts of ${tokens.toFixed(1)} tokens, one thread, processor time, median of 5, warm`,
  );
  const ours = new Map<string, { cpu: number; value: number | null }>();
  for (const [name, ids] of Object.entries(FAMILIES)) {
    await time(ids, texts.slice(0, 500), 3);
    const found = await time(ids, texts, 5);
    ours.set(name, found);
    console.log(`  ${name}: ${seconds(found.cpu)}`);
  }

  const theirs = references(texts);
  const beside = (name: string, family: string, growth: 1 | 2, what: string) => {
    const reference = theirs[name];
    if (reference === undefined) return;
    const scaled = reference.seconds * (SIZE / reference.n) ** growth;
    const how =
      reference.n === SIZE ? "" : `, from ${seconds(reference.seconds)} at n = ${reference.n}, grown as n^${growth}`;
    const ratio = scaled / ours.get(family)!.cpu;
    console.log(`  ${what}: ${seconds(scaled)} CPU${how}: ${ratio.toFixed(ratio < 10 ? 1 : 0)} x ours`);
  };
  beside("fast-bleu", "Self-BLEU 2..5", 1, "fast-bleu, Self-BLEU 2..5");
  beside("nltk", "Self-BLEU 2..5", 2, "nltk sentence_bleu, N = 4 alone");
  beside("rouge-score", "homogenization (ROUGE-L, all pairs)", 2, "rouge_score, all pairs");
  beside("gzip", "compression", 1, "Python gzip");

  console.log("  growth with n");
  for (const [name, ids] of Object.entries(FAMILIES)) {
    const cells: string[] = [];
    for (const n of GROWTH) {
      const { cpu } = await time(ids, makeTexts(n, 2), 1);
      cells.push(`${n}: ${seconds(cpu)}`);
    }
    console.log(`    ${name}: ${cells.join(", ")}`);
  }
  console.log(`  peak memory ${peakMemory()}`);
}
