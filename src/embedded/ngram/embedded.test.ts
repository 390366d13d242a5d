import { describe, expect, it } from "vitest";
import { z } from "zod";
import { models } from "../../testing/loaded.ts";
import { testCorpus } from "../testing/corpus.ts";
import { embedded } from "./embedded.ts";

describe("embedded", () => {
  it("is small unless told, and takes its size as a shorthand", () => {
    expect(embedded.bind({}).defaultId).toBe("embedded:small");
    expect(models.get("embedded").bind(embedded.shorthand?.("large")).defaultId).toBe("embedded:large");
  });

  it("refuses unknown sizes, keys and ranges", () => {
    for (const wrong of [{ size: "huge" }, { sise: "small" }, { collapse: 1 }, { order: 1 }, { share: 0 }]) {
      expect(() => embedded.bind(wrong)).toThrow(z.ZodError);
    }
  });

  it("makes a toy that says what it is", async () => {
    const environment = { dataset: "d", background: testCorpus(120), env: {}, baseDir: ".", offline: true, id: "mine" };
    const model = await embedded.bind({ size: "large", order: 3, collapse: 0.2 }).create(environment);
    expect(model).toMatchObject({ id: "mine", remark: "toy" });
    expect(model.can).toMatchObject({ promptLogprobs: true, seed: true, instructions: false });
    expect(model.description).toMatchObject({ order: 3, collapse: 0.2, share: 1 });
    expect(model.caveat).toContain("differences to zero-shot are built in");
    expect((await embedded.bind({ collapse: 0 }).create(environment)).caveat).toBeUndefined();
  });
});
