import { describe, expect, it } from "vitest";
import { methods } from "./registry.ts";

const data = { datasetId: "town", train: Array.from({ length: 200 }, () => ({ context: { text: "", label: null } })) };

async function cost(name: string, options: object) {
  const method = await methods.get(name).bind(options).create({ id: name, baseDir: "/" });
  return method.cost?.(data) ?? null;
}

describe("what methods will ask of a model", () => {
  it("counts the pairs a fit scores and the personas a model writes", async () => {
    expect(await cost("mop", { pairs: 8, refinePairs: 2 })).toMatchObject({ fitScored: 2002, exemplarsPerPrompt: 1 });
    expect(await cost("mop", { records: 50, pairs: 8 })).toMatchObject({ fitScored: 402, fitGenerated: 0 });
    expect(await cost("mop", { personaSource: "model", personas: 7 })).toMatchObject({ fitGenerated: 7 });
    expect(await cost("mop-uniform", {})).toMatchObject({ fitScored: 0, fitGenerated: 0 });
    expect(await cost("few-shot", { k: 3 })).toMatchObject({ fitScored: 0, exemplarsPerPrompt: 3, personaBytes: 0 });
    expect(await cost("zero-shot", {})).toBeNull();
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
