import { describe, expect, it } from "vitest";
import { Stream } from "../core/stream.ts";
import { drawsOf } from "../testing/draws.ts";
import { methods } from "../testing/loaded.ts";
import { worldContext, worldContexts } from "../testing/mop-world.ts";
import { NO_CALLS } from "./cost.ts";
import type { Method } from "./method.ts";
import { personaPlacebo } from "./persona-placebo.ts";

function make(options: unknown): Promise<Method> {
  return personaPlacebo.bind(options).create({ id: "persona-placebo", baseDir: "/" });
}

describe("persona-placebo", () => {
  it("says the same line, of nobody, in every prompt, and shows no real text", async () => {
    const found = await (await make({})).fit(await worldContext());
    const draws = await drawsOf(found, worldContexts, Stream.root(1));
    expect(draws).toHaveLength(worldContexts.length);
    for (const [i, context] of worldContexts.entries()) {
      const draw = draws[i]!;
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
      fit: NO_CALLS,
      exemplarsPerPrompt: 0,
      personaBytes: 2,
    });
    expect(() => plugin.bind({ text: "  " })).toThrow();
  });
});
