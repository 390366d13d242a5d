import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { CallError, InterruptedError } from "../core/errors.ts";
import { silent } from "../core/progress.ts";
import { Stream } from "../core/stream.ts";
import type { BaseModel, ScoreRequest } from "../models/model.ts";
import { learn } from "../testing/learn.ts";
import { worldContext, worldModel, worldRecords, worldScore } from "../testing/mop-world.ts";
import { testFolder } from "../testing/test-folder.ts";
import type { FittedOptions } from "./options.ts";

/** How often each text was scored under each prompt. */
class Counted {
  readonly times = new Map<string, number>();
  count = 0;

  /** Answers after others had their turn, also once it was asked to stop: as servers and models in process do. */
  model(onCall: (count: number) => void = () => {}): BaseModel {
    return {
      ...worldModel(),
      score: async (request: ScoreRequest) => {
        this.count += 1;
        onCall(this.count);
        for (let turns = 0; turns < 3; turns++) await new Promise(setImmediate);
        const key = `${request.prompt.hash} ${request.continuation} ${request.temperature}`;
        this.times.set(key, (this.times.get(key) ?? 0) + 1);
        return worldScore(request);
      },
    };
  }
}

const FITS: readonly (readonly [string, Partial<FittedOptions>])[] = [
  ["pairs", { exemplars: 20, pairs: 4, maxSteps: 10 }],
  ["the heaviest pairs", { exemplars: 20, activePairs: 2, fallback: false, pairs: 8, maxSteps: 10 }],
  ["temperatures", { exemplars: 20, pairs: 4, maxSteps: 10, tau: "per-persona" }],
];

/** The artifact without what follows from the path of its folder. */
async function artifactBut(file: string): Promise<string> {
  return (await readFile(file, "utf8")).replace(/"(fitHash|checksum)": "\w+"/g, "");
}

it("says how far the steps of its gates are, of how many at most", async () => {
  const bars = new Map<string, { readonly total: number; steps: number }>();
  const progress = {
    ...silent,
    bar(label: string, total: number) {
      const bar = { total, steps: 0 };
      bars.set(label, bar);
      const advance = (steps = 1) => {
        bar.steps += steps;
      };
      return { advance, done() {} };
    },
  };
  const options = { exemplars: 20, pairs: 4, maxSteps: 10, evaluateEvery: 5, penalties: [1] };
  await learn(await worldContext({ train: worldRecords(80, Stream.root(5)), progress }), options, true);
  const { total, steps } = bars.get("fitting the gates, at most")!;
  expect(steps).toBe(total);
  expect(total % 10).toBe(0);
  expect(total).toBeGreaterThan(0);
});

describe("a fit that is stopped", () => {
  it.each(FITS)("loses no finished score, of %s, and ends with the same bytes", async (_, options) => {
    const train = worldRecords(80, Stream.root(5).derive("train"));
    const context = (model: BaseModel, artifactDir: string, signal?: AbortSignal) =>
      worldContext({ train, model, artifactDir, baseDir: artifactDir, concurrency: 32, signal });
    const alone = new Counted();
    const whole = await learn(await context(alone.model(), testFolder()), options, true);
    const bytes = await artifactBut(whole.artifactFile);
    const random = Stream.root(7).derive("stops");
    for (let trial = 0; trial < 3; trial++) {
      const counted = new Counted();
      const dir = testFolder();
      let stops = 0;
      for (let left = alone.count; ; left = alone.count - counted.times.size) {
        const stop = new AbortController();
        const at = counted.count + 1 + random.int(Math.max(1, Math.ceil(left / 2)));
        const model = counted.model((count) => void (stops < 4 && count === at && stop.abort()));
        const ended = await learn(await context(model, dir, stop.signal), options, true).catch((error) => error);
        if (!(ended instanceof InterruptedError)) {
          expect(await artifactBut(ended.artifactFile)).toBe(bytes);
          break;
        }
        stops += 1;
      }
      expect(stops).toBe(4);
      // What a start asks to find out what a model can do is asked at every start: one text at two temperatures.
      const twice = [...counted.times].filter(([key, times]) => times > (alone.times.get(key) ?? 0));
      expect(twice.length).toBeLessThanOrEqual(options.tau === undefined ? 0 : 2);
    }
  });

  it("by a failure no more", async () => {
    const [, options] = FITS[0]!;
    const counted = new Counted();
    const dir = testFolder();
    const failing = counted.model((count) => {
      if (count === 100) throw new CallError("auth", "The key is wrong.", { fatal: true });
    });
    const context = (model: BaseModel) => worldContext({ model, artifactDir: dir, baseDir: dir, concurrency: 32 });
    await expect(learn(await context(failing), options, true)).rejects.toThrow("The key is wrong.");
    expect(counted.count).toBeLessThan(100 + 32); // those that began in the same moment
    expect(counted.times.size).toBe(counted.count - 1);
    await learn(await context(counted.model()), options, true);
    expect([...counted.times.values()].filter((times) => times > 1)).toEqual([]);
  });
});
