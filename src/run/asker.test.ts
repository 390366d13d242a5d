import { readFile } from "node:fs/promises";
import path from "node:path";
import PQueue from "p-queue";
import { expect, it } from "vitest";
import { InputError } from "../core/errors.ts";
import { silent } from "../core/progress.ts";
import type { Decoding } from "../core/sample.ts";
import { Stream } from "../core/stream.ts";
import { defaultTemplates } from "../prompts/defaults.ts";
import { createRenderer } from "../prompts/render.ts";
import { scriptedModel } from "../testing/scripted-model.ts";
import { testFolder } from "../testing/test-folder.ts";
import { Asker, type AskerJob } from "./asker.ts";

const prompts = await createRenderer(defaultTemplates);
const prompt = (text: string) => prompts.render({ context: { text, label: null }, persona: null, exemplars: [] });

function job(dir: string, more: Partial<AskerJob> = {}): AskerJob {
  return {
    dir,
    owner: "test",
    progress: silent,
    model: scriptedModel({ generate: ({ seed }) => `answer ${seed}` }),
    decoding: { temperature: 1, topP: 1, maxTokens: 5 },
    random: Stream.root(1),
    queue: new PQueue({ concurrency: 2 }),
    signal: new AbortController().signal,
    keepPrompts: false,
    ...more,
  };
}

it("gives every call a seed and an index of its own out of its key, unless it brings them", async () => {
  const seen: (readonly [number, number])[] = [];
  const generate = ({ seed, sampleIndex }: { seed: number; sampleIndex: number }) => {
    seen.push([seed, sampleIndex]);
    return "a";
  };
  const asker = await Asker.open(job(testFolder(), { model: scriptedModel({ generate }) }));
  for (const key of ["a", "b"]) await asker.ask({ key, prompt: prompt("x") });
  await asker.ask({ key: "c", prompt: prompt("x"), seed: 5, index: 6 });
  await asker.close();
  const drawn = (key: string) => {
    const stream = Stream.root(1).derive(key);
    return [stream.uint32(), stream.uint32()];
  };
  expect(seen).toEqual([drawn("a"), drawn("b"), [5, 6]]);
});

it("makes a call once that is asked for twice, and refuses one key for two prompts", async () => {
  let made = 0;
  const asker = await Asker.open(job(testFolder(), { model: scriptedModel({ generate: () => `answer ${++made}` }) }));
  const twice = await Promise.all([1, 2].map(() => asker.ask({ key: "a", prompt: prompt("x") })));
  expect(twice.map(({ text }) => text)).toEqual(["answer 1", "answer 1"]);
  await expect(asker.ask({ key: "a", prompt: prompt("y") })).rejects.toThrow("Two calls have the key `a`");
  await asker.close();
});

it("asks anew under a key whose prompt or decoding is another than the kept one's", async () => {
  const dir = testFolder();
  const seen: number[] = [];
  const model = scriptedModel({
    generate: ({ decoding }) => {
      seen.push(decoding.temperature);
      return "a";
    },
  });
  for (const temperature of [0.5, 0.5, 0.7]) {
    const asker = await Asker.open(job(dir, { model }));
    await asker.ask({ key: "a", prompt: prompt("x"), decoding: { temperature } });
    await asker.close();
  }
  const asker = await Asker.open(job(dir, { model }));
  await asker.ask({ key: "a", prompt: prompt("y"), decoding: { temperature: 0.7 } });
  await asker.close();
  expect(seen).toEqual([0.5, 0.7, 0.7]);
});

it("keeps choices like answers, an option without any probability too", async () => {
  const dir = testFolder();
  const call = { key: "vote", prompt: prompt("x"), options: ["a", "b", "c"], order: "permuted" as const };
  let made = 0;
  const choose = async ({ order }: { order?: string }) => {
    made += 1;
    return { index: 1, logProbabilities: [-1, -0.5, Number.NEGATIVE_INFINITY], tokensIn: order === "permuted" ? 7 : 8 };
  };
  const model = { ...scriptedModel({ generate: () => "a" }), choose };
  for (let i = 0; i < 2; i++) {
    const asker = await Asker.open(job(dir, { model }));
    const chosen = await asker.choose(call);
    expect(chosen).toEqual({ index: 1, logProbabilities: [-1, -0.5, Number.NEGATIVE_INFINITY] });
    await expect(asker.ask(call)).rejects.toThrow("Two calls have the key `vote`");
    await asker.close();
  }
  expect(made).toBe(1);
  const [kept] = (await readFile(path.join(dir, "calls.partial.jsonl"), "utf8")).split("\n");
  expect(JSON.parse(kept!)).toMatchObject({ key: "vote", text: null, tokensIn: 7, choice: { index: 1 } });
});

it("says that a model cannot choose, and makes no later call", async () => {
  const asker = await Asker.open(
    job(testFolder(), { model: { ...scriptedModel({ generate: () => "a" }), id: "mute" } }),
  );
  const options = ["a", "b"];
  await expect(asker.choose({ key: "vote", prompt: prompt("x"), options })).rejects.toThrow(InputError);
  await expect(asker.ask({ key: "next", prompt: prompt("x") })).rejects.toThrow("mute cannot choose among options.");
  await asker.close();
});

it("takes a setting of a call that is undefined for none", async () => {
  const dir = testFolder();
  const seen: Partial<Decoding>[] = [];
  const model = scriptedModel({
    generate: ({ decoding }) => {
      seen.push(decoding);
      return "a";
    },
  });
  const none: Record<string, undefined> = { temperature: undefined, topP: undefined };
  for (const decoding of [none, {}, undefined, none]) {
    const asker = await Asker.open(job(dir, { model }));
    await asker.ask({ key: "a", prompt: prompt("x"), ...(decoding && { decoding }) });
    await asker.ask({ key: "b", prompt: prompt("x"), decoding: { maxTokens: 3, ...decoding } });
    await asker.close();
  }
  expect(seen).toEqual([
    { temperature: 1, topP: 1, maxTokens: 5 },
    { temperature: 1, topP: 1, maxTokens: 3 },
  ]);
});
