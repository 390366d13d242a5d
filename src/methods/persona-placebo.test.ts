import { describe, expect, it } from "vitest";
import { Stream } from "../core/stream.ts";
import { methods } from "../testing/loaded.ts";
import { worldContext, worldContexts } from "../testing/mop-world.ts";
import type { Method } from "./method.ts";
import { personaPlacebo } from "./persona-placebo.ts";

function make(options: unknown): Promise<Method> {
  return personaPlacebo.bind(options).create({ id: "persona-placebo", baseDir: "/" });
}

describe("persona-placebo", () => {
  it("says the same line, of nobody, in every prompt, and shows no real text", async () => {
    const found = await (await make({})).fit(await worldContext());
    for (const [i, context] of worldContexts.entries()) {
      const draw = found.draw(context, Stream.root(i));
      expect(draw).toMatchObject({ persona: "placebo", exemplars: [] });
      expect(draw.prompt.content).toEqual({ context, persona: "Someone who writes.", exemplars: [] });
      expect(draw.prompt.persona).toContain("Someone who writes.");
    }
    expect(found).toMatchObject({ realTextsSeen: 0, exemplars: [] });
  });

  it("takes another line, by option or in short, refuses an empty one, and counts its bytes", async () => {
    const plugin = methods.get("persona-placebo");
    expect(plugin.bind(plugin.shorthand?.("é")).options).toEqual({ text: "é" });
    expect((await make({ text: "é" })).cost?.({ datasetId: "d", train: [] })).toMatchObject({
      fitScored: 0,
      exemplarsPerPrompt: 0,
      personaBytes: 2,
    });
    expect(() => plugin.bind({ text: "  " })).toThrow();
  });
});
