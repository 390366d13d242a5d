import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { InputError } from "../core/errors.ts";
import { Stream } from "../core/stream.ts";
import type { FitContext } from "../mop/fit-context.ts";
import { drawsOf } from "../testing/draws.ts";
import { methods } from "../testing/loaded.ts";
import { ownerOf, personaTexts, worldContext, worldContexts, worldModel } from "../testing/mop-world.ts";
import { testFolder } from "../testing/test-folder.ts";
import type { FittedMethod, Method } from "./method.ts";

const baseDir = testFolder();
let context: FitContext;
beforeAll(async () => {
  context = await worldContext();
});

function make(name: string, options: object = {}): Promise<Method> {
  const bound = methods.get(name).bind(options);
  return bound.create({ id: bound.defaultId, baseDir });
}

async function fitted(name: string, options: object = {}): Promise<FittedMethod> {
  const artifactDir = path.join(baseDir, name);
  await mkdir(artifactDir, { recursive: true });
  return (await make(name, options)).fit({ ...context, baseDir, artifactDir });
}

const draws = (fitted: FittedMethod, count: number) =>
  drawsOf(
    fitted,
    Array.from({ length: count }, (_, i) => worldContexts[i % 4]!),
    Stream.root(4),
  );

describe("every method", () => {
  const learned = ["mop", "mop-no-exemplar", "mop-random-persona"];
  const runnable = methods.names.filter((name) => name !== "texts" && name !== "persona-hub");

  it.each(runnable)("%s draws the same prompts for the same streams, and weights that sum to one", async (name) => {
    const pool = name === "mop-no-exemplar" ? {} : { exemplars: 30 };
    const sizes = name.startsWith("mop") ? { personas: 6, ...pool } : {};
    const options = learned.includes(name) ? { ...sizes, rank: 8, maxSteps: 40 } : sizes;
    const found = await fitted(name, options);
    await found.prepare?.(worldContexts);
    expect((await draws(found, 12)).map((d) => d.prompt.hash)).toEqual(
      (await draws(found, 12)).map((d) => d.prompt.hash),
    );
    const known = new Set(found.exemplars.map((r) => r.id));
    for (const draw of await draws(found, 40)) for (const id of draw.exemplars) expect(known.has(id)).toBe(true);
    expect(found.realTextsSeen).toBe(found.exemplars.length);
    expect(found.exemplarWeights === undefined).toBe(found.exemplars.length === 0);
    if (found.exemplars.length > 0 && found.exemplarWeights !== undefined) {
      const weights = found.exemplarWeights(worldContexts[1]!);
      expect(weights).toHaveLength(found.exemplars.length);
      expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    }
  });

  it.each(methods.names)("%s refuses an unknown option", (name) => {
    expect(() => methods.get(name).bind({ path: "x.txt", nonsense: 1 })).toThrow(/nonsense/);
  });
});

describe("zero-shot", () => {
  it("shows neither persona nor real text", async () => {
    const found = await fitted("zero-shot");
    const [draw] = await draws(found, 1);
    expect(draw).toMatchObject({ persona: null, exemplars: [], prompt: { persona: "", example: "" } });
    expect(draw!.prompt.task).toContain("monday");
  });
});

describe("few-shot", () => {
  it("draws exemplars uniformly, k of them, all different", async () => {
    const found = await fitted("few-shot", { k: 3, exemplars: 10 });
    const counts = new Map<string, number>();
    for (const draw of await draws(found, 2000)) {
      expect(new Set(draw.exemplars).size).toBe(3);
      for (const id of draw.exemplars) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    expect(counts.size).toBe(10);
    for (const count of counts.values()) expect(Math.abs(count - 600)).toBeLessThan(5 * Math.sqrt(600 * 0.7));
  });

  it("is called by its k, takes a temperature, and refuses two", async () => {
    expect(methods.get("few-shot").bind({}).defaultId).toBe("few-shot");
    expect(methods.get("few-shot").bind({ k: 8 }).defaultId).toBe("few-shot-8");
    const found = await fitted("few-shot", { temperature: 0.6 });
    expect((await draws(found, 1))[0]!.decoding).toEqual({ temperature: 0.6 });
    expect(() => make("few-shot", { temperature: 0.6, temperatureOf: "mop.json" })).toThrow(
      "`temperature` does nothing with `temperatureOf`",
    );
    await expect(fitted("few-shot", { k: 11, exemplars: 10 })).rejects.toThrow(/holds 10/);
  });

  it("answers at a fitted mixture's temperature", async () => {
    await fitted("mop-uniform", { personas: 4, exemplars: 20, temperature: 0.8 });
    const found = await fitted("few-shot", { temperatureOf: "mop-uniform/mop.json" });
    expect((await draws(found, 1))[0]!.decoding?.temperature).toBeCloseTo(0.8, 12);
  });
});

describe("nearest-shot", () => {
  it("shows the most similar texts, the nearest last", async () => {
    const found = await fitted("nearest-shot", { k: 2, exemplars: 50 });
    const asked = { text: found.exemplars[7]!.text, label: null };
    await found.prepare?.([asked]);
    const [draw] = await drawsOf(found, [asked], Stream.root(1));
    expect(draw!.exemplars[1]).toBe(found.exemplars[7]!.id);
    expect(found.exemplarWeights?.(asked)[7]).toBe(0.5);
  });
});

describe("persona", () => {
  it("describes clusters in readable, different, repeatable sentences and shows no real text", async () => {
    const found = await fitted("persona", { personas: 3 });
    const texts = new Set((await draws(found, 200)).map((d) => d.prompt.content.persona!));
    expect(texts.size).toBe(3);
    for (const text of texts)
      expect(text).toMatch(/^Someone who writes about \d+ words.*\. Favourite words: [a-z, ]+\./);
    expect(new Set([...texts].map((text) => ownerOf(text.replace(/[.,:]/g, ""))))).toEqual(new Set([0, 1, 2]));
    const again = new Set(
      (await draws(await fitted("persona", { personas: 3 }), 200)).map((d) => d.prompt.content.persona!),
    );
    expect(again).toEqual(texts);
  });

  it("asks a model that follows instructions, once", async () => {
    const answers = worldModel();
    let calls = 0;
    const writer = {
      ...answers,
      generate: async () => ({ text: ` Writer\n${++calls} `, tokensIn: 1, tokensOut: 1, finish: "stop" as const }),
    };
    const method = await make("persona", { personas: 3, personaSource: "model" });
    expect(method.needs).toEqual(["instructions"]);
    const given = { ...context, model: writer, baseDir, artifactDir: testFolder() };
    const found = await method.fit(given);
    await method.fit(given);
    expect(calls).toBe(3);
    expect(new Set((await draws(found, 60)).map((d) => d.prompt.content.persona))).toEqual(
      new Set(["Writer 1", "Writer 2", "Writer 3"]),
    );
  });
});

describe("persona-hub", () => {
  it("draws lines of a file and refuses a line that stands twice", async () => {
    await writeFile(path.join(baseDir, "hub.txt"), personaTexts.join("\n"));
    const found = await fitted("persona-hub", { path: "hub.txt" });
    expect(new Set((await draws(found, 60)).map((d) => d.persona))).toEqual(new Set(["p0", "p1", "p2"]));
    await writeFile(path.join(baseDir, "twice.txt"), "a\nb\na\n");
    await expect(fitted("persona-hub", { path: "twice.txt" })).rejects.toThrow(/same persona stands at .*:1/);
  });
});

describe("mop's relatives", () => {
  it("says what a model must do, by its options", async () => {
    const needs = async (name: string, options = {}) => (await make(name, options)).needs;
    expect(await needs("mop")).toEqual(["promptLogprobs"]);
    expect(await needs("mop", { personaSource: "model" })).toEqual(["promptLogprobs", "instructions"]);
    expect(await needs("mop-uniform")).toEqual([]);
    expect(await needs("mop-cosine")).toEqual([]);
  });

  it("mop-uniform weighs all alike, with mop's own personas and pool", async () => {
    const uniform = await fitted("mop-uniform", { personas: 5, exemplars: 20 });
    const learned = await fitted("mop", { personas: 5, exemplars: 20, rank: 8, maxSteps: 20 });
    expect(uniform.exemplars).toEqual(learned.exemplars);
    expect(uniform.exemplarWeights?.(worldContexts[0]!)).toEqual(new Float64Array(20).fill(1 / 20));
    const personas = async (fitted: FittedMethod) =>
      new Set((await draws(fitted, 300)).map((d) => d.prompt.content.persona));
    expect(await personas(uniform)).toEqual(await personas(learned));
  });

  it("mop-cosine weighs by similarity", async () => {
    const found = await fitted("mop-cosine", { personas: 5, exemplars: 40 });
    const asked = { text: "apple pear", label: null };
    await found.prepare?.([asked]);
    const weights = found.exemplarWeights!(asked);
    const fruit = found.exemplars.reduce((sum, r, j) => sum + (ownerOf(r.text) === 0 ? weights[j]! : 0), 0);
    const share = found.exemplars.filter((r) => ownerOf(r.text) === 0).length / 40;
    expect(fruit).toBeGreaterThan(share + 0.2);
  });

  it("mop quotes raw records where personas are those, and counts them as seen", async () => {
    const found = await fitted("mop-uniform", { personas: 4, exemplars: 10, personaSource: "records" });
    expect(found.realTextsSeen).toBeGreaterThan(10);
    const [draw] = await draws(found, 1);
    expect(draw!.exemplars).toHaveLength(4);
    const quoted = found.exemplars.find((r) => r.id === draw!.exemplars[0])!;
    expect(draw!.prompt.content.persona).toContain(quoted.text);
  });

  it("mop-no-exemplar and mop-random-persona keep their promise", async () => {
    const without = await fitted("mop-no-exemplar", { personas: 4, rank: 8, maxSteps: 20 });
    expect((await draws(without, 20)).every((d) => d.exemplars.length === 0 && d.persona !== null)).toBe(true);
    const random = await fitted("mop-random-persona", { personas: 4, exemplars: 20, rank: 8, maxSteps: 20 });
    const clusters = await fitted("mop-uniform", { personas: 4, exemplars: 20 });
    const personas = async (fitted: FittedMethod) => [
      ...new Set((await draws(fitted, 200)).map((d) => d.prompt.content.persona)),
    ];
    const described = await personas(clusters);
    for (const text of await personas(random)) expect(described).not.toContain(text);
  });
});

describe("texts", () => {
  it("reads a set made elsewhere and names its model", async () => {
    await writeFile(path.join(baseDir, "made.jsonl"), '{"t": "one", "l": 1}\n{"t": "two", "l": 0}\n');
    const method = await make("texts", { path: "made.jsonl", text: "t", label: "l", model: "gpt" });
    expect(method.madeElsewhere?.model).toBe("gpt");
    expect(await method.madeElsewhere?.load(() => {})).toEqual([
      { text: "one", context: null, label: "1" },
      { text: "two", context: null, label: "0" },
    ]);
    expect(methods.get("texts").bind({ path: "made.jsonl" }).defaultId).toBe("made");
    await expect(method.fit(context)).rejects.toThrow(InputError);
  });

  it("refuses an empty text, naming the row", async () => {
    await writeFile(path.join(baseDir, "hole.jsonl"), '{"text": "one"}\n{"text": " "}\n');
    const method = await make("texts", { path: "hole.jsonl" });
    await expect(method.madeElsewhere?.load(() => {})).rejects.toThrow(/hole\.jsonl:2.*empty/);
  });
});
