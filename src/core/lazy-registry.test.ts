import { describe, expect, it } from "vitest";
import { eager, LazyRegistry } from "./lazy-registry.ts";

describe("LazyRegistry", () => {
  it("loads what is asked for, once, and nothing else", async () => {
    const loads: string[] = [];
    const entry = (id: string) => ({
      id,
      load: async () => {
        loads.push(id);
        return id.toUpperCase();
      },
    });
    const registry = new LazyRegistry("letter", [entry("a"), entry("b")]);
    expect(registry.names).toEqual(["a", "b"]);
    expect(loads).toEqual([]);
    expect(await Promise.all([registry.load("b"), registry.load("b")])).toEqual(["B", "B"]);
    expect(loads).toEqual(["b"]);
    expect((await registry.loaded()).get("a")).toBe("A");
    expect(loads).toEqual(["b", "a"]);
  });

  it("names what exists and what was nearly meant", async () => {
    const registry = new LazyRegistry("method", [eager("few-shot", 1), eager("mop", 2)]);
    await expect(registry.load("fewshot")).rejects.toThrow("Unknown method `fewshot`. Did you mean `few-shot`?");
    expect(() => new LazyRegistry("method", [eager("mop", 1), eager("mop", 2)])).toThrow("`mop` is registered twice");
  });
});
