import { writeFile, mkdir } from "node:fs/promises";
import path from "node:path";
import { main } from "../src/cli/main.ts";
import { seededServer } from "./support/seeded-server.ts";
import { reviewsCsv } from "./support/tiny-experiment.ts";
const dir = process.argv[2]!; const mode = process.argv[3]!;
await mkdir(dir, { recursive: true });
const server = mode === "record" ? await seededServer(1) : null;
await writeFile(path.join(dir, "reviews.csv"), reviewsCsv(400));
const base = server?.baseUrl ?? (await import("node:fs")).readFileSync(path.join(dir, "base.txt"), "utf8");
if (server) await writeFile(path.join(dir, "base.txt"), base);
await writeFile(path.join(dir, "c.yaml"), `name: http
seed: 5
datasets:
  - file: { path: reviews.csv, text: review, context: topic, label: stars }
models: [{ openai: { model: stub, baseUrl: "${base}", api: completions, as: stub } }]
methods: [zero-shot, {persona: {personas: 4}}, few-shot, {exemplar-placebo: {exemplars: 40}}, {mop-uniform: {personas: 4, exemplars: 40}}, {mop-cosine: {personas: 4, exemplars: 40}}, {mop: {personas: 4, exemplars: 40, records: 60, pairs: 8, maxSteps: 40}}, {mop: {objective: mmd, personas: 4, exemplars: 40, records: 60, as: mmd}}, nearest-shot]
samples: 40
repeats: 2
encoder: embedded:lsa
metrics: [all, mauve-sd, ngram-vendi]
decoding: { maxTokens: 30 }
cache: { mode: off }
`);
const out = process.argv[4]!;
const code = await main(["run", "c.yaml", "--out", out, `--${mode}`, "rec.jsonl"], { stdout: () => {}, stderr: (t) => void process.stderr.write(t), terminal: false, columns: null, env: {}, cwd: dir, signal: new AbortController().signal });
console.log(code);
await server?.close();
