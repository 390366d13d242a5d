import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { InterruptedError } from "../../core/errors.ts";
import { type Progress, silent } from "../../core/progress.ts";
import { evidenceOf } from "../../metrics/evidence.ts";
import type { Metric } from "../../metrics/metric.ts";
import { selectMetrics } from "../../metrics/select.ts";
import { SCORED, scorePair } from "../../scoring/score-pair.ts";
import { embeddingSet, normalRows } from "../../testing/metrics/input.ts";
import fixture from "../../testing/metrics/text.json" with { type: "json" };
import { testFolder } from "../../testing/test-folder.ts";
import { Claims } from "./claims.ts";
import type { Side } from "./side.ts";
import { measureWords, type WordsTask, WordsThread, wordsTask } from "./words-thread.ts";

const written = ({ id, definition }: Metric) => ({ id, definition });
let task: WordsTask;
/** 200 texts, all different: so many it takes for subsamples to say anything. */
const varied = (texts: readonly string[]) => Array.from({ length: 200 }, (_, i) => `${texts[i % texts.length]} ${i}`);
const never = new AbortController().signal;

beforeAll(async () => {
  task = {
    synthetic: varied(fixture.sentences.slice(30)),
    gold: varied(fixture.sentences.slice(0, 30)),
    exemplars: null,
    tokenizer: "whitespace",
    metrics: selectMetrics(["ngram-vendi", "homogenization", "longest-copy", "label-js"]).map(written),
    seed: 3,
    subsamples: 4,
    cacheDir: path.join(testFolder(), "gold"),
    apart: null,
  };
});

function recording(): { readonly said: (string | number)[]; readonly progress: Progress } {
  const said: (string | number)[] = [];
  const progress: Progress = {
    ...silent,
    bar(label, total) {
      said.push(label, total);
      return { advance: (steps = 1) => void said.push(steps), done: () => void said.push("done") };
    },
  };
  return { said, progress };
}

describe("WordsThread", () => {
  test("gives the rows of one thread, and its progress", async () => {
    const [here, there] = [recording(), recording()];
    const thread = new WordsThread(task, there.progress, never);
    expect(await thread.rows).toEqual(await measureWords(task, here.progress, never));
    expect(here.said.filter((step) => step === 1).length).toBeGreaterThan(task.metrics.length);
    expect(there.said).toEqual(here.said);
  });

  test("takes over the metrics of embeddings that nobody has claimed, and each row is the same", async () => {
    const [gold, synthetic] = [normalRows(60, 8, 1), normalRows(60, 8, 2, 0.3)];
    const metrics = selectMetrics(["fid", "c2st", "sliced-wasserstein"]);
    const claims = new Claims(metrics.length);
    expect(claims.take(0)).toBe(true);
    const sides = { gold, synthetic, encoder: "given", encoderSettings: { d: 8 } };
    const apart = { ...sides, metrics: metrics.map(written), claims: claims.shared };
    const rows = await new WordsThread(
      { ...task, metrics: selectMetrics(["distinct-1"]).map(written), apart },
      silent,
      never,
    ).rows;
    expect(rows.map(({ metric }) => metric)).toEqual(["distinct-1", "sliced-wasserstein", "c2st"]);
    expect(claims.take(1) || claims.take(2)).toBe(false);
    const here = await scorePair(
      {
        ...{
          about: SCORED,
          gold: embeddingSet(gold),
          synthetic: embeddingSet(synthetic),
          metrics: metrics.slice(1),
          evidence: evidenceOf({}),
        },
        ...{ encoder: "given", encoderSettings: { d: 8 } },
      },
      { seed: task.seed, subsamples: task.subsamples, signal: never, progress: silent },
    );
    expect(rows.slice(1).reverse()).toEqual(here);
  });

  test("says why what is known of gold cannot be kept", async () => {
    const warnings: string[] = [];
    const progress = { ...silent, warn: (message: string) => void warnings.push(message) };
    await new WordsThread({ ...task, cacheDir: "/dev/null/gold" }, progress, never).rows;
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain("/dev/null/gold");
  });

  test("ends when it is stopped, by hand or by the user", async () => {
    const long = { ...task, subsamples: 10_000 };
    const stopped = new WordsThread(long, silent, never);
    void stopped.stop();
    await expect(stopped.rows).rejects.toThrow(InterruptedError);
    const user = new AbortController();
    const thread = new WordsThread(long, silent, user.signal);
    user.abort();
    await expect(thread.rows).rejects.toThrow(InterruptedError);
  });
});

describe("wordsTask", () => {
  const side = (role: Side["role"], texts: readonly string[] | null, size = 3000): Side => ({
    ...{ role, file: role, texts, embeddings: null, size, skipped: 0 },
  });
  const sides = { synthetic: side("synthetic", ["a"]), gold: side("gold", ["b"]), exemplars: ["c"] };
  const flags = { seed: 1, subsamples: 0, tokenizer: "whitespace" } as const;
  const slow = selectMetrics(["homogenization"]);

  test("asks for a thread where there is much to do and a processor to do it", () => {
    expect(wordsTask(sides, slow, flags, "cache", null, 2)).toEqual({
      ...{ synthetic: ["a"], gold: ["b"], exemplars: ["c"], metrics: slow.map(written) },
      ...{ seed: 1, subsamples: 0, tokenizer: "whitespace", cacheDir: "cache", apart: null },
    });
    const few = { ...sides, synthetic: side("synthetic", ["a"], 100) };
    expect(wordsTask(few, slow, flags, "cache", null, 2)).toBeNull();
    expect(wordsTask(few, slow, { ...flags, subsamples: 50 }, "cache", null, 2)).not.toBeNull();
    expect(wordsTask(sides, slow, flags, "cache", null, 1)).toBeNull();
  });

  test("asks for none for quick metrics, and where there are no texts", () => {
    expect(wordsTask(sides, selectMetrics(["distinct-1"]), flags, "cache", null, 2)).toBeNull();
    expect(wordsTask({ ...sides, gold: side("gold", null) }, slow, flags, "cache", null, 2)).toBeNull();
  });
});
