import { describe, expect, it } from "vitest";
import { methods } from "../testing/loaded.ts";

const data = { datasetId: "town", train: Array.from({ length: 200 }, () => ({ context: { text: "", label: null } })) };

async function cost(name: string, options: object, sharedPool: number | null = null) {
  const method = await methods.get(name).bind(options).create({ id: name, baseDir: "/" });
  return method.cost?.({ ...data, sharedPool }) ?? null;
}

describe("what methods will ask of a model", () => {
  it("counts the pairs a fit scores and the personas a model writes", async () => {
    expect(await cost("mop", { pairs: 8, refinePairs: 2 })).toMatchObject({
      fit: { scored: 2002 },
      exemplarsPerPrompt: 1,
    });
    expect(await cost("mop", { records: 50, pairs: 8 })).toMatchObject({ fit: { scored: 402, generated: 0 } });
    // Ten personas and nobody else are fewer than sixteen pairs: all are scored, and there is no second round.
    const alone = { personas: 10, pairs: 16, refinePairs: 4 };
    expect(await cost("mop-no-exemplar", alone)).toMatchObject({ fit: { scored: 2002 } });
    expect(await cost("mop", { personaSource: "model", personas: 7 })).toMatchObject({ fit: { generated: 7 } });
    expect(await cost("mop-uniform", {})).toMatchObject({ fit: { scored: 0, generated: 0 } });
    expect(await cost("few-shot", { k: 3 })).toMatchObject({
      fit: { scored: 0 },
      exemplarsPerPrompt: 3,
      personaBytes: 0,
    });
    expect(await cost("zero-shot", {})).toBeNull();
  });

  it("counts the pairs that training reaches with M, up to all there are", async () => {
    const few = { activePairs: 4, penalties: [0], maxSteps: 10, evaluateEvery: 5, batch: 8, heldOut: 0.1, pairs: 16 };
    // 20 records held out: 16 pairs for uniform weights; 10 steps of 8 and 3 looks at 20, 4 pairs each.
    expect(await cost("mop", few)).toMatchObject({ fit: { scored: 20 * 16 + 4 * (80 + 60) + 2 } });
    const small = { ...few, maxSteps: 1000, personas: 2, exemplars: 5 };
    expect(await cost("mop", small)).toMatchObject({ fit: { scored: 200 * 10 + 2 } });
  });

  it("takes the pool that the run's methods share where none is named, and where train is large enough for it", async () => {
    await expect(cost("few-shot", { k: 25 }, 20)).rejects.toThrow("the pool holds 20 texts");
    await expect(cost("few-shot", { k: 25, exemplars: 30 }, 20)).resolves.toMatchObject({ exemplarsPerPrompt: 25 });
    await expect(cost("few-shot", { k: 150 }, 180)).resolves.toMatchObject({ exemplarsPerPrompt: 150 });
    await expect(cost("few-shot", { k: 150 }, 300)).rejects.toThrow("the pool holds 100 texts");
    // Two personas and the shared pool of five make ten pairs, fewer than the sixteen a record would be scored under.
    expect(await cost("mop", { personas: 2, pairs: 16 }, 5)).toMatchObject({ fit: { scored: 200 * 10 + 2 } });
  });

  it("refuses sizes that train cannot meet", async () => {
    await expect(cost("mop", { personas: 201 })).rejects.toThrow(
      "`personas` is 201, and train of `town` has 200 records.",
    );
    await expect(cost("mop-uniform", { exemplars: 500 })).rejects.toThrow("`exemplars` is 500");
    await expect(cost("mop", { records: 201 })).rejects.toThrow(
      "`records` is 201, and train of `town` has 200 records.",
    );
    await expect(cost("few-shot", { k: 5, exemplars: 4 })).rejects.toThrow("the pool holds 4 texts");
  });
});
