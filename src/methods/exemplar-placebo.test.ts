import { beforeAll, describe, expect, it } from "vitest";
import { InputError } from "../core/errors.ts";
import { contextKey } from "../core/record.ts";
import { Stream } from "../core/stream.ts";
import type { FitContext } from "../mop/fit-context.ts";
import { drawsOf } from "../testing/draws.ts";
import { worldContext, worldContexts } from "../testing/mop-world.ts";
import { testFolder } from "../testing/test-folder.ts";
import { exemplarPlacebo } from "./exemplar-placebo.ts";
import type { Method } from "./method.ts";

const baseDir = testFolder({
  "others.jsonl": '{"said": "one"}\n{"said": "twenty two"}\n{"said": "three"}\n',
});
let context: FitContext;
beforeAll(async () => {
  context = await worldContext();
});

function make(options: object): Promise<Method> {
  return exemplarPlacebo.bind(options).create({ id: "exemplar-placebo", baseDir });
}

describe("exemplar-placebo", () => {
  it("shows one text of the pool, of any other context than the one asked for, all alike", async () => {
    const found = await (await make({ exemplars: 40 })).fit(context);
    expect(found.exemplars).toEqual(context.pool(40));
    expect(found.realTextsSeen).toBe(40);
    for (const asked of worldContexts) {
      const weights = found.exemplarWeights!(asked);
      const counts = new Map<string, number>();
      for (const { exemplars, persona, prompt } of await drawsOf(found, Array(3000).fill(asked), Stream.root(2))) {
        expect([exemplars.length, persona]).toEqual([1, null]);
        expect(contextKey(prompt.content.exemplars[0]!.context)).not.toBe(contextKey(asked));
        counts.set(exemplars[0]!, (counts.get(exemplars[0]!) ?? 0) + 1);
      }
      found.exemplars.forEach((record, j) => {
        const own = contextKey(record.context) === contextKey(asked);
        expect(weights[j]).toBe(own ? 0 : 1 / 30);
        expect(Math.abs((counts.get(record.id) ?? 0) - 3000 * weights[j]!)).toBeLessThanOrEqual(own ? 0 : 50);
      });
    }
  });

  it("shows texts of another file without a context, and says how long they get", async () => {
    const method = await make({ path: "others.jsonl", text: "said" });
    const found = await method.fit(context);
    const texts = new Set<string>();
    for (const { prompt, exemplars } of await drawsOf(found, Array(100).fill(worldContexts[0]), Stream.root(3))) {
      const [record] = prompt.content.exemplars;
      expect(record).toMatchObject({ id: exemplars[0], context: { text: "", label: null } });
      texts.add(record!.text);
    }
    expect(texts).toEqual(new Set(["one", "twenty two", "three"]));
    expect(found).toMatchObject({ realTextsSeen: 3, exemplars: [{ id: "others-0" }, { text: "twenty two" }, {}] });
    expect(found.exemplarWeights).toBeUndefined();
    expect(method.cost?.(context)).toMatchObject({ exemplarsPerPrompt: 1, longestExemplar: { text: "twenty two" } });
    const first = await (await make({ path: "others.jsonl", text: "said", exemplars: 2 })).fit(context);
    expect(first.exemplars.map(({ text }) => text)).toEqual(["one", "twenty two"]);
  });

  it("refuses, before anything is spent, what it cannot show", async () => {
    await expect(make({ path: "others.jsonl", text: "said", exemplars: 4 })).rejects.toThrow(/holds 3 texts/);
    await expect(make({ path: "none.jsonl" })).rejects.toThrow(InputError);
    const alone = context.train.filter((record) => record.context === worldContexts[0]);
    const method = await make({ exemplars: 4 });
    expect(() => method.cost?.({ datasetId: "world", train: alone })).toThrow(/have one context. Give texts of other/);
    await expect(method.fit({ ...context, pool: () => alone.slice(0, 4) })).rejects.toThrow(/one context/);
  });
});
