import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { completionsServer } from "../../../tests/support/completions-server.ts";
import { tinyLlama } from "../../../tests/support/tiny-llama.ts";
import { silent } from "../../core/progress.ts";
import { probing } from "../../models/layers/probing.ts";
import { promptOf } from "../../prompts/prompt.ts";
import { openRedactor } from "../../prompts/redact.ts";
import { callServices } from "../../testing/call-services.ts";
import { type Script, scriptedModel } from "../../testing/scripted-model.ts";
import { testFolder } from "../../testing/test-folder.ts";
import { testRecording } from "../../testing/test-recording.ts";
import { CallCache } from "../layers/cache.ts";
import { layered } from "../layers/layered.ts";
import { Meter } from "../layers/meter.ts";
import { Recording } from "../layers/recording.ts";
import type { BaseModel, ChooseRequest } from "../model.ts";
import { openai } from "../openai/openai.ts";
import { plainPrompt } from "../render.ts";
import { listOptions } from "./listed-options.ts";

const folder = testFolder();
const content = { context: { text: "", label: null }, persona: null, exemplars: [] };
const prompt = promptOf(content, { instruction: "", persona: "", example: "", task: "How is the soup?" });
const options = ["good", "very good", "cold"];
const ask = (changes: Partial<ChooseRequest> = {}): ChooseRequest => ({
  prompt,
  options,
  seed: 1,
  sampleIndex: 0,
  ...changes,
});

/** A scripted model behind a server. */
function served(script: Partial<Script>): BaseModel {
  return {
    ...scriptedModel({ generate: () => "good", ...script }),
    profile: {
      identity: { provider: "fake" },
      account: "fake",
      limits: { concurrency: 4, requestsPerMinute: null, tokensPerMinute: null, timeoutMs: 60_000 },
      price: null,
      reasoning: "cut",
    },
  };
}

/** ln 0.6, ln 0.3 and ln 0.1, all ten nats down: in two tokens each. */
const LOG_PROBABILITIES = [Math.log(0.6), Math.log(0.3), Math.log(0.1)];
const scoring = {
  score: ({ continuation }: { continuation: string }) => [-10, LOG_PROBABILITIES[options.indexOf(continuation)]!],
};

describe("a choice by scores", () => {
  it("draws from the softmax of the options' log-probabilities, which it gives", async () => {
    const model = layered(served(scoring), callServices());
    const counts = [0, 0, 0];
    for (let seed = 0; seed < 2000; seed++) {
      const { index, logProbabilities } = await model.choose(ask({ seed, order: "permuted" }));
      counts[index]! += 1;
      for (const [i, value] of logProbabilities!.entries()) expect(value).toBeCloseTo(LOG_PROBABILITIES[i]!, 12);
    }
    for (const [i, p] of [0.6, 0.3, 0.1].entries()) {
      expect(Math.abs(counts[i]! - 2000 * p)).toBeLessThan(4 * Math.sqrt(2000 * p * (1 - p)));
    }
    expect(await model.choose(ask({ seed: 3 }))).toEqual(await model.choose(ask({ seed: 3 })));
  });

  it("is made of scores that are cached, counted and recorded as such, once for all draws", async () => {
    const cache = await CallCache.open(path.join(folder, "scores"), silent);
    const file = path.join(folder, "scores.jsonl");
    const meter = new Meter();
    const recording = await testRecording(file);
    const model = layered(served(scoring), callServices({ cache, meter, recording }));
    const first = await model.choose(ask({ seed: 1 }));
    const second = await model.choose(ask({ seed: 2, sampleIndex: 1 }));
    expect(first).not.toHaveProperty("cachedAt");
    expect(second.cachedAt).toBe(1_000_000);
    expect(meter.spent).toMatchObject({ generated: 0, scored: 3, chosen: 0, cached: 3, tokensOut: 0 });
    expect((await readFile(file, "utf8")).match(/"tokens":/g)).toHaveLength(6);
    const replay = layered(
      served({ ...scoring, score: () => [] }),
      callServices({ recording: await Recording.replay(file) }),
    );
    expect(await replay.choose(ask({ seed: 1 }))).toEqual(first);
    cache.close();
  });

  it("says so when no option has a probability, or there is none to choose", async () => {
    const model = layered(served({ score: () => [Number.NEGATIVE_INFINITY] }), callServices());
    await expect(model.choose(ask())).rejects.toThrow(/none of the options a probability/);
    await expect(model.choose(ask({ options: [] }))).rejects.toThrow(/no options/);
  });

  it("takes the probabilities of a real server's model, ends with them", async () => {
    const tiny = tinyLlama();
    const server = await completionsServer(tiny);
    const bound = openai.bind({ model: "tiny", baseUrl: server.baseUrl, api: "completions" });
    const environment = {
      id: "tiny",
      dataset: "d",
      background: [],
      env: {},
      baseDir: ".",
      offline: false,
      probe: probing(callServices(), undefined),
    };
    const model = layered(await bound.create(environment), callServices());
    const { logProbabilities } = await model.choose(ask());
    await server.close();
    const shown = plainPrompt(listOptions(ask()).prompt);
    const totals = options.map((option) => {
      const [before, whole] = [tiny.tokenize(shown), tiny.tokenize(`${shown}${option}</s>`)];
      const sum = (ids: readonly number[]) => {
        const rows = tiny.forward(ids);
        return ids.slice(1).reduce((total, id, i) => total + rows[i]![id]!, 0);
      };
      return sum(whole) - sum(before);
    });
    const mass = Math.log(totals.reduce((sum, total) => sum + Math.exp(total), 0));
    for (const [i, total] of totals.entries()) expect(logProbabilities![i]).toBeCloseTo(total - mass, 6);
  });
});

describe("a choice by answers", () => {
  it("is the option named, in the order given, whatever order was shown", async () => {
    const shown = new Set<string>();
    const byLetter = layered(
      served({
        generate({ prompt: { task } }) {
          shown.add(task);
          return /^(\w)\) cold$/m.exec(task)?.[1] ?? "";
        },
      }),
      callServices(),
    );
    for (let seed = 0; seed < 20; seed++) {
      const chosen = await byLetter.choose(ask({ seed, order: "permuted" }));
      expect(chosen).toEqual({ index: 2, logProbabilities: null });
    }
    expect(shown.size).toBe(6);
  });

  it("is drawn again by other seeds where the answer names none, each time from the cache the next time", async () => {
    const cache = await CallCache.open(path.join(folder, "answers"), silent);
    const seeds: number[] = [];
    const meter = new Meter();
    const model = layered(
      served({
        generate({ seed, decoding }) {
          seeds.push(seed);
          expect(decoding).toEqual({ temperature: 1, topP: 1, maxTokens: 17 });
          return seeds.length < 3 ? "who knows" : "<think>Hm.</think>Very good.";
        },
      }),
      callServices({ cache, meter }),
    );
    expect(await model.choose(ask({ seed: 9 }))).toEqual({ index: 1, logProbabilities: null, retries: 2 });
    expect(seeds[0]).toBe(9);
    expect(new Set(seeds).size).toBe(3);
    expect(await model.choose(ask({ seed: 9 }))).toMatchObject({ index: 1, cachedAt: 1_000_000 });
    expect(meter.spent).toMatchObject({ generated: 3, chosen: 0, cached: 3 });
    cache.close();
  });

  it("fails in a sentence, with the last answer, when none of five names an option", async () => {
    let asked = 0;
    const model = layered(served({ generate: () => `lovely ${++asked}` }), callServices());
    await expect(model.choose(ask())).rejects.toMatchObject({
      kind: "malformed",
      message: 'None of 5 answers names one of the 3 options; the last: "lovely 5".',
      answer: "lovely 5",
    });
  });

  it("shows options without personal data, and understands the answer to them", async () => {
    const tasks: string[] = [];
    const model = served({
      generate({ prompt: { task } }) {
        tasks.push(task);
        return "[email]";
      },
    });
    const meter = new Meter();
    const asking = layered(model, callServices({ redact: await openRedactor(), meter }));
    expect(await asking.choose(ask({ options: ["nobody", "ann@mail.example"] }))).toMatchObject({ index: 1 });
    expect(tasks[0]).toContain("A) nobody\nB) [email]\n");
    expect(meter.spent.redacted).toBe(1);
  });
});

describe("a provider's own choice", () => {
  const own = { index: 2, logProbabilities: [Number.NEGATIVE_INFINITY, -1, -0.5], tokensIn: 30, tokensOut: 1 };

  it("is redacted, counted, cached and recorded as one call", async () => {
    const cache = await CallCache.open(path.join(folder, "own"), silent);
    const file = path.join(folder, "own.jsonl");
    const meter = new Meter();
    const asked: ChooseRequest[] = [];
    const model = served({
      ...scoring,
      choose(request) {
        asked.push(request);
        return own;
      },
    });
    const [recording, redact] = [await testRecording(file), await openRedactor()];
    const asking = layered(model, callServices({ cache, meter, recording, redact }));
    const request = ask({ options: ["a", "b", "ann@mail.example"], order: "permuted" });
    expect(await asking.choose(request)).toMatchObject(own);
    expect(asked[0]).toMatchObject({ options: ["a", "b", "[email]"], order: "permuted", seed: 1 });
    expect(await asking.choose(request)).toMatchObject({ index: 2, cachedAt: 1_000_000 });
    expect(await asking.choose({ ...request, sampleIndex: 1 })).not.toHaveProperty("cachedAt");
    expect(asked).toHaveLength(2);
    expect(meter.spent).toMatchObject({ generated: 0, scored: 0, chosen: 2, cached: 1, tokensIn: 60, tokensOut: 2 });
    const replay = layered(model, callServices({ recording: await Recording.replay(file), redact }));
    const { index, logProbabilities } = await replay.choose(request);
    expect({ index, logProbabilities }).toEqual({ index: 2, logProbabilities: own.logProbabilities });
    cache.close();
  });
});
