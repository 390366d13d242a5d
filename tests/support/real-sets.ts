import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { Better } from "../../src/core/result.ts";
import { Stream } from "../../src/core/stream.ts";
import { splitTokens } from "../../src/core/tokens.ts";
import type { Encoder } from "../../src/encoders/encoder.ts";
import { transformers } from "../../src/encoders/transformers.ts";
import { evaluate } from "../../src/metrics/evaluate.ts";
import { evidenceOf } from "../../src/metrics/evidence.ts";
import type { MetricValue } from "../../src/metrics/metric.ts";
import { SampleSet } from "../../src/metrics/sample-set.ts";
import { selectMetrics } from "../../src/metrics/select.ts";
import { packageRoot } from "../../src/storage/package-root.ts";

const shared = path.resolve(packageRoot(), "..", "shared");
const models = path.join(shared, "models");
const peer = await import("@huggingface/transformers").then(
  () => true,
  () => false,
);

/** Why real texts cannot be encoded here; empty where they can. */
export const missing = [
  existsSync(path.join(shared, "data")) ? "" : "../shared/data is not here",
  existsSync(path.join(models, "all-MiniLM-L6-v2")) ? "" : "../shared/models is not here",
  peer ? "" : "@huggingface/transformers is not installed: make peers",
]
  .filter((reason) => reason !== "")
  .join(", ");

/** all-MiniLM-L6-v2, cut at 256 tokens; rows are kept in `storeDir`. */
export function openMiniLm(storeDir: string | null): Promise<Encoder> {
  const environment = { id: "all-MiniLM-L6-v2", background: [], env: {}, baseDir: models, offline: true, storeDir };
  return transformers.bind({ path: "all-MiniLM-L6-v2", maxTokens: 256 }).create(environment);
}

/** `n` texts of a file of ../shared/data, drawn without replacement, the same ones each time. */
export function realTexts(name: string, n: number): string[] {
  const lines = readFileSync(path.join(shared, "data", `${name}.jsonl`), "utf8")
    .split("\n")
    .filter((line) => line !== "");
  const line = z.object({ text: z.string() });
  const order = Stream.root(0).derive("real-orderings", name).permutation(lines.length);
  return Array.from(order.subarray(0, n), (i) => line.parse(JSON.parse(lines[i]!)).text);
}

/**
 * Both sets, in new order, with equal token counts text by text: sorted by length, paired by rank, and the longer of each pair
 * cut after as many words as the shorter one has. Nothing is thrown away, so it works where hardly any gold text is as short
 * as the synthetic ones; the price is that cut texts end in the middle of a sentence.
 */
export function lengthMatched(a: readonly string[], b: readonly string[]): [string[], string[]] {
  const sorted = (texts: readonly string[]) => texts.map(splitTokens).sort((x, y) => x.length - y.length);
  const [x, y] = [sorted(a), sorted(b)];
  const cut = (own: readonly string[], i: number) => own.slice(0, Math.min(x[i]!.length, y[i]!.length)).join(" ");
  return [x.map(cut), y.map(cut)];
}

/** By metric, how far a set is from gold: larger is farther, whatever the metric's direction. */
export async function scoreReal(
  ids: readonly string[],
  synthetic: readonly string[],
  gold: readonly string[],
  encoder: Encoder,
): Promise<Map<string, number>> {
  const input = {
    synthetic: new SampleSet({ texts: synthetic, embeddings: await encoder.encode(synthetic) }),
    gold: new SampleSet({ texts: gold, embeddings: await encoder.encode(gold) }),
    evidence: evidenceOf({}),
  };
  const found = await evaluate(selectMetrics(ids), input, Stream.root(0).derive("real-orderings"));
  return new Map(found.map(({ metric, value }) => [metric.id, distance(metric.better, value)]));
}

function distance(better: Better, { value, gold, reason }: MetricValue): number {
  if (value === null) throw new Error(reason ?? "No value.");
  if (better !== "gold") return better === "lower" ? value : -value;
  if (gold === null || gold === undefined) throw new Error("The metric aims at gold but gives no value of gold.");
  return Math.abs(Math.log(value / gold));
}
