import { describe, expect, it } from "vitest";
import { z } from "zod";
import { eager } from "../core/lazy-registry.ts";
import { defineEncoder } from "../encoders/encoder.ts";
import { oneCallEach } from "../methods/fill.ts";
import { defineMethod } from "../methods/method.ts";
import { defineMetric } from "../metrics/define.ts";
import type { MetricValue } from "../metrics/metric.ts";
import { defineModel } from "../models/model.ts";
import type { Plugin } from "../plugins/plugin.ts";
import { problemsOf } from "./conformance.ts";
import { scriptedModel } from "./scripted-model.ts";

const plugin = (parts: Partial<Plugin>): Plugin => ({ name: "tried", version: "1", ...parts });

function metric(compute: (texts: readonly string[], roll: number) => MetricValue, meaning = "How long texts are.") {
  return defineMetric({
    id: "tried-metric",
    name: "Tried",
    meaning,
    group: "diversity",
    better: "gold",
    range: [0, 1000],
    needs: { texts: true },
    source: "this test",
    notes: { defaults: "none", edges: "none", notCopied: "-" },
    floor: false,
    compute: ({ synthetic }, _options, random) => compute(synthetic.texts ?? [], random.next()),
  });
}

function method(draw: (context: string) => string, options: z.ZodType<object> = z.strictObject({})) {
  return defineMethod({
    summary: "a method that is tried",
    options,
    id: () => "tried",
    create: () => ({
      name: "tried",
      needs: [],
      sees: "0",
      fit: async ({ prompts }) => ({
        realTextsSeen: 0,
        summary: "tried",
        exemplars: [],
        fill: oneCallEach((context) => ({
          prompt: prompts.render({ context, persona: draw(context.text), exemplars: [] }),
          persona: null,
          exemplars: [],
        })),
      }),
    }),
  });
}

describe("problemsOf", () => {
  it("finds none in what holds", async () => {
    const length = metric((texts) => ({ value: texts.join("").length / texts.length, gold: 1 }));
    const tried = plugin({
      metrics: [eager("tried-metric", length)],
      methods: [
        eager(
          "tried",
          method((context) => `someone at ${context}`),
        ),
      ],
    });
    expect(await problemsOf(tried)).toEqual([]);
  });

  it("says where a metric gives no number, throws, leaves its range or its stream", async () => {
    const of = async (compute: Parameters<typeof metric>[0], id = "tried-metric", meaning?: string) =>
      (await problemsOf(plugin({ metrics: [eager(id, metric(compute, meaning))] }))).join("\n");
    expect(await of((texts) => ({ value: 1 / texts.join("").length - 1 }))).toMatch(
      /empty texts: its value is Infinity[\s\S]*|lies outside its range/,
    );
    expect(await of(() => ({ value: null }))).toContain("it has no value and gives no reason");
    expect(await of(() => ({ value: -1 }))).toContain("its value -1 lies outside its range");
    expect(await of(() => ({ value: Math.random() }))).toContain("the same stream gives another value");
    expect(await of((_texts, roll) => ({ value: roll }))).toBe("");
    expect(
      await of(() => {
        throw new Error("broken");
      }),
    ).toContain("one text: it throws (broken)");
    expect(await of(() => ({ value: 1 }), "other")).toContain("it is registered as `other`");
    expect(await of(() => ({ value: 1 }), "tried-metric", "Length")).toContain("its meaning is no sentence");
  });

  it("says where options are not strict or not described", async () => {
    const loose = method(() => "someone", z.looseObject({ size: z.number().default(3) }));
    expect(await problemsOf(plugin({ methods: [eager("tried", loose)] }))).toEqual([
      "method tried: its option `size` has no description.",
      "method tried: it takes options that it does not have: make them with z.strictObject.",
    ]);
  });

  it("says what a run says, and where two runs differ", async () => {
    let calls = 0;
    const unsteady = defineModel({
      summary: "a model that forgets its seed",
      options: z.strictObject({}),
      id: () => "tried",
      create: () => scriptedModel({ id: "tried", generate: () => `answer ${"very ".repeat(calls++)}long` }),
    });
    const broken = defineEncoder({
      summary: "an encoder that breaks",
      options: z.strictObject({}),
      id: () => "tried",
      create: (_options, _environment, id) => ({
        id,
        width: 3,
        normalized: false,
        fingerprint: "tried",
        description: {},
        encode: async () => {
          throw new TypeError("no rows");
        },
      }),
    });
    const tried = plugin({ models: [eager("tried", unsteady)], encoders: [eager("tried", broken)] });
    expect(await problemsOf(tried)).toEqual([
      "model tried: two runs with the same seed give different results.",
      expect.stringContaining("encoder `tried` fails: TypeError: no rows ("),
    ]);
  });

  it("says what is no plug-in, and what a plug-in does not have", async () => {
    expect(await problemsOf(JSON.parse("null"))).toEqual([
      "the plug-in: it is no plug-in: make it with definePlugin({ name, version, ... }).",
    ]);
    expect(await Reflect.apply(problemsOf, undefined, [undefined])).toHaveLength(1);
    expect(await problemsOf(JSON.parse('{"name": "a", "version": "1", "metric": []}'))).toEqual([
      "the plug-in: it has a key `metric`; a plug-in has name, version, metrics, methods, models, encoders, datasets, formats, commands.",
    ]);
  });

  it("says what was not made as its kind is, cannot be loaded, or has an id that is taken", async () => {
    const bare = (id: string, thing: object = {}) => ({ id, load: async () => JSON.parse(JSON.stringify(thing)) });
    const length = metric(() => ({ value: 1 }));
    const tried = plugin({
      metrics: [
        eager("fid", length),
        bare("bare", { summary: "a metric" }),
        eager("twice", length),
        eager("twice", length),
      ],
      methods: [bare("bare")],
      encoders: [{ id: "lost", load: () => Promise.reject(new Error("no such file")) }],
      formats: [bare("bare", { file: "" })],
      commands: [bare("bare")],
    });
    expect(await problemsOf(tried)).toEqual([
      "metric fid: mopbench itself has one of this id; give it another.",
      "metric bare: it has no `options`, no `bind`, no `with`, no `compute`: make it with defineMetric.",
      "metric twice: the plug-in brings it twice.",
      "method bare: it has no `summary`, no `options`, no `bind`: make it with defineMethod.",
      "encoder lost: it cannot be loaded: no such file",
      "format bare: it has no `file`, no `render`: make it with an object { file, render }.",
      "command bare: it has no `register`: make it with an object { register }.",
    ]);
  });

  it("says which method leaves slots without text, or asks more than it says", async () => {
    const asking = (calls: number, texts: number) =>
      defineMethod({
        summary: "a method that asks",
        options: z.strictObject({}),
        id: () => "asking",
        create: () => ({
          name: "asking",
          needs: [],
          sees: "0",
          fit: async ({ prompts }) => ({
            realTextsSeen: 0,
            summary: "asking",
            exemplars: [],
            fill: ({ contexts, each, ask }, put) =>
              each(contexts.length, async (slot) => {
                const prompt = prompts.render({ context: contexts[slot]!, persona: null, exemplars: [] });
                const keys = Array.from({ length: calls }, (_, i) => `${slot}/${i}`);
                for (const key of keys) await ask({ key, prompt });
                if (slot < texts) put({ slot, text: `text ${slot}`, persona: null, exemplars: [], calls: keys });
              }),
          }),
        }),
      });
    const of = (calls: number, texts: number) =>
      problemsOf(plugin({ methods: [eager("asking", asking(calls, texts))] }));
    expect(await of(1, 8)).toEqual([]);
    expect(await of(1, 5)).toEqual([
      "method asking: it leaves 3 of 8 slots without a text, although its calls succeeded.",
    ]);
    expect(await of(2, 8)).toEqual(["method asking: it makes 16 calls for 8 texts; its `cost` says 8 at most."]);
  });

  it("says which encoder's rows do not fit", async () => {
    const encoder = (rows: number, cols: number, numbers = rows * cols) =>
      defineEncoder({
        summary: "an encoder of rows that do not fit",
        options: z.strictObject({}),
        id: () => "tried",
        create: (_options, _environment, id) => ({
          id,
          width: 3,
          normalized: false,
          fingerprint: "tried",
          description: {},
          encode: async (texts) => {
            const data = Float32Array.from({ length: texts.length * 3 }, (_, i) => 1 + Math.sin(i));
            return texts.length === 4
              ? { data: new Float32Array(numbers), rows, cols }
              : { data, rows: texts.length, cols: 3 };
          },
        }),
      });
    const of = async (rows: number, cols: number, numbers?: number) =>
      (await problemsOf(plugin({ encoders: [eager("tried", encoder(rows, cols, numbers))] }))).join(" ");
    expect(await of(4, 3)).toBe("");
    expect(await of(3, 3)).toContain("encoder tried: it gives 3 rows for 4 texts.");
    expect(await of(4, 2)).toContain("its rows have 2 columns, and its `width` is 3.");
    expect(await of(4, 3, 7)).toContain("its 7 numbers do not fill 4 x 3.");
  });
});
