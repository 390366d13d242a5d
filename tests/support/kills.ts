import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Stream } from "../../src/core/stream.ts";
import { testFolder } from "../../src/storage/test-folder.ts";
import { startMopbench } from "./cli.ts";
import { seededServer } from "./seeded-server.ts";
import { reviewsCsv } from "./tiny-experiment.ts";

const CONCURRENCY = 4;

/** What a run that was killed again and again ended with, beside one that was left alone. */
export interface KillReport {
  readonly undisturbed: string;
  readonly resumed: string;
  /** How many runs the kills hit; the others had ended. */
  readonly hit: number;
  /** Calls made more than once by the killed runs, and how many could have been in flight. */
  readonly repeated: number;
  readonly inFlight: number;
}

function config(baseUrl: string): string {
  return `name: killed
seed: 5
datasets:
  - file: { path: reviews.csv, text: review, context: topic, label: stars }
models:
  - openai: { model: tiny, baseUrl: "${baseUrl}", concurrency: ${CONCURRENCY} }
methods: [zero-shot, few-shot, mop: { personas: 3, exemplars: 12, records: 16, pairs: 3, maxSteps: 20 }]
samples: 40
repeats: 2
concurrency: ${CONCURRENCY}
metrics: [fid, distinct]
decoding: { maxTokens: 2 }
`;
}

/**
 * Runs an experiment against a seeded local server once undisturbed and once killed (SIGKILL) at random moments and resumed.
 * No cache: what is not asked again is what the run's own folder kept.
 */
export async function killAndResume(kills: number, random: Stream): Promise<KillReport> {
  const server = await seededServer(12);
  const folder = testFolder({ "c.yaml": config(server.baseUrl), "reviews.csv": reviewsCsv(400) });
  const results = (out: string) => readFile(path.join(folder, out, "results.json"), "utf8");
  const start = (...flags: string[]) => startMopbench(["run", "c.yaml", "--no-cache", "--quiet", ...flags], folder);
  try {
    const from = performance.now();
    const alone = await start("--out", "alone").ended;
    if (alone.code !== 0) throw new Error(alone.stderr);
    const duration = performance.now() - from;
    const undisturbed = await results("alone");

    server.requests.length = 0;
    let hit = 0;
    for (let kill = 0; kill < kills; kill++) {
      const run = start("--resume", "killed");
      // From the first moments on; resumed runs are shorter, so most of the time lies early.
      const timer = setTimeout(() => run.child.kill("SIGKILL"), duration * random.next() * 0.8);
      const { code, stderr } = await run.ended;
      clearTimeout(timer);
      if (code === null) hit++;
      else if (code !== 0) throw new Error(stderr);
    }
    const last = await start("--resume", "killed").ended;
    if (last.code !== 0) throw new Error(last.stderr);
    const times = new Map<string, number>();
    for (const { body } of server.requests) times.set(body, (times.get(body) ?? 0) + 1);
    // What a start asks to find out what a server can do is asked at every start and says nothing about samples.
    const repeated = [...times].filter(([body]) => body.includes('"seed"')).reduce((sum, [, n]) => sum + n - 1, 0);
    return { undisturbed, resumed: await results("killed"), hit, repeated, inFlight: hit * CONCURRENCY };
  } finally {
    await server.close();
  }
}
