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
});
