import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Stream } from "../../src/core/stream.ts";
import { testFolder } from "../../src/testing/test-folder.ts";
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

/** What the methods of a killed run do. */
export const KILLED = {
  /** One call a text, and a fit that scores. */
  plain: "[zero-shot, few-shot, mop: { personas: 3, exemplars: 12, records: 16, pairs: 3, maxSteps: 20 }]",
  /** One call for several texts, texts out of rounds, and a fit that asks for answers of personas that the model writes. */
  several:
    "[many, evolved, mop: { objective: mmd, personas: 3, personaSource: model, exemplars: 12, records: 16, candidates: 6, answers: 4 }]",
} as const;

const TOYS = path.join(import.meta.dirname, "toy-plugin.ts");

function config(baseUrl: string, methods: string): string {
  return `name: killed
plugins: ["${TOYS}"]
seed: 5
datasets:
  - file: { path: reviews.csv, text: review, context: topic, label: stars }
models:
  - openai: { model: tiny, baseUrl: "${baseUrl}", concurrency: ${CONCURRENCY} }
methods: ${methods}
samples: 40
repeats: 2
concurrency: ${CONCURRENCY}
metrics: [fid, distinct]
decoding: { maxTokens: 2 }
`;
}

/** Milliseconds between two looks at how far a run has come. */
const LOOK_EVERY = 2;

/**
 * Runs an experiment against a seeded local server once undisturbed and once killed (SIGKILL) at random moments and resumed.
 * A moment is a number of requests sent or of files written, so that a slow machine is killed as far on as a fast one. No cache:
 * what is not asked again is what the run's own folder kept.
 */
export async function killAndResume(
  kills: number,
  random: Stream,
  methods: string = KILLED.plain,
): Promise<KillReport> {
  const server = await seededServer(12);
  const folder = testFolder({ "c.yaml": config(server.baseUrl, methods), "reviews.csv": reviewsCsv(400) });
  const results = (out: string) => readFile(path.join(folder, out, "results.json"), "utf8");
  const start = (...flags: string[]) => startMopbench(["run", "c.yaml", "--no-cache", "--quiet", ...flags], folder);
  try {
    const alone = await start("--out", "alone").ended;
    if (alone.code !== 0) throw new Error(alone.stderr);
    const undisturbed = await results("alone");
    const files = filesIn(path.join(folder, "alone"));
    let open = server.requests.length;

    server.requests.length = 0;
    let hit = 0;
    mkdirSync(path.join(folder, "killed")); // a folder that is not there is none to go on with
    for (let kill = 0; kill < kills; kill++) {
      const before = server.requests.length;
      // Requests: somewhere in the first half of those that are left, so that the kill hits. Files: anywhere, the report too.
      const [sent, written] = [1 + random.int(Math.ceil(open / 2)), random.int(files)];
      const reached =
        kill % 2 === 0
          ? () => server.requests.length - before >= sent
          : () => filesIn(path.join(folder, "killed")) >= written;
      const run = start("--resume", "killed");
      const timer = setInterval(() => reached() && run.child.kill("SIGKILL"), LOOK_EVERY);
      const { code, stderr } = await run.ended;
      clearInterval(timer);
      open = Math.max(1, open - (server.requests.length - before));
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

function filesIn(folder: string): number {
  return existsSync(folder) ? readdirSync(folder, { recursive: true }).length : 0;
}
