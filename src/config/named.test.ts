import { describe, expect, it } from "vitest";
import { z } from "zod";
import { definer } from "../core/definition.ts";
import { eager, LazyRegistry } from "../core/lazy-registry.ts";
import { resolveList } from "./named.ts";
import { ConfigSource } from "./source.ts";

const define = definer<object, string>();

const plain = define({
  summary: "A fake without options.",
  options: z.strictObject({}),
  id: () => "zero-shot",
  create: (_options, _environment, id) => id,
});

const tuned = define({
  summary: "A fake with options.",
  options: z.strictObject({
    personas: z.int().min(1).default(100),
    mode: z.enum(["fast", "exact"]).default("fast"),
    inner: z.strictObject({ depth: z.number().default(1) }).prefault({}),
  }),
  shorthand: (text) => ({ personas: Number(text) }),
  id: ({ personas }) => `mop-${personas}`,
  create: ({ personas }, _environment, id) => `${id}/${personas}`,
});

const registry = new LazyRegistry("method", [eager("zero-shot", plain), eager("mop", tuned)]);

async function resolve(yaml: string) {
  const source = new ConfigSource("c.yaml", `methods:\n${yaml}`, {});
  const value = source.value;
  const list: unknown = typeof value === "object" && value !== null && "methods" in value ? value.methods : [];
  return resolveList(source, registry, Array.isArray(list) ? list : [], ["methods"]);
}

describe("resolveList", () => {
  it("reads names, shorthands, options and ids", async () => {
    const items = await resolve(
      "- zero-shot\n- mop:7\n- mop: { personas: 20 }\n- mop: { personas: 20, as: mine }\n- mop:\n  as: default\n- { mop: '9' }\n",
    );
    expect(items.map((item) => item.id)).toEqual(["zero-shot", "mop-7", "mop-20", "mine", "default", "mop-9"]);
    expect(items[3]?.bound.options).toEqual({ personas: 20, mode: "fast", inner: { depth: 1 } });
    expect(await items[3]?.bound.create({ id: "mine" })).toBe("mine/20");
  });

  it.each([
    [
      "an unknown name",
      "- zero-shto\n",
      /^c\.yaml:2:3: methods\[0\]: Unknown method `zero-shto`\. Did you mean `zero-shot`\?/,
    ],
    [
      "an unknown option",
      "- mop: { persona: 3 }\n",
      /^c\.yaml:2:10: methods\[0\]\.mop\.persona: unknown key\. Did you mean `personas`\?/,
    ],
    [
      "an option of a name that has none",
      "- zero-shot: { shots: 3 }\n",
      /^c\.yaml:2:16: methods\[0\]\.zero-shot\.shots: unknown key\. No key is allowed here: leave it out\.$/,
    ],
    [
      "a nested option",
      "- mop:\n    inner: { dept: 3 }\n",
      /^c\.yaml:3:14: methods\[0\]\.mop\.inner\.dept: unknown key\. Did you mean `depth`\?/,
    ],
    [
      "a wrong value",
      "- mop: { mode: slow }\n",
      /^c\.yaml:2:16: methods\[0\]\.mop\.mode: found "slow"; allowed: "fast", "exact"\.$/,
    ],
    ["a wrong shorthand", "- mop:x\n", /^c\.yaml:2:3: methods\[0\]\.personas: found/],
    [
      "a text for a name without one",
      "- zero-shot:3\n",
      /^c\.yaml:2:3: methods\[0\]: the method `zero-shot` takes no text/,
    ],
    [
      "two names",
      "- { mop: {}, zero-shot: {} }\n",
      /^c\.yaml:2:3: methods\[0\]: found `mop`, `zero-shot`; allowed: one method/,
    ],
    [
      "options that are none",
      "- mop: [1]\n",
      /^c\.yaml:2:8: methods\[0\]\.mop: found \[1\]; allowed: a mapping of options/,
    ],
    ["an id that is no text", "- mop: { as: 3 }\n", /^c\.yaml:2:14: methods\[0\]\.mop\.as: found 3; allowed: a text/],
    ["an id twice", "- mop: { as: a }\n  as: b\n", /`as` is given twice/],
    ["equal ids", "- mop\n- mop\n", /^c\.yaml:3:3: methods\[1\]: a second method with the id `mop-100`\. .*`as: NAME`/],
    [
      "ids of one folder but for their case",
      "- mop: { as: Ab }\n- mop: { as: aB }\n",
      /the ids `Ab` and `aB` would share/,
    ],
    ["ids of one folder", "- mop: { as: a/b }\n- mop: { as: a:b }\n", /the ids `a\/b` and `a:b` would share a folder/],
  ])("says where and what is allowed: %s", async (_, yaml, message) => {
    await expect(resolve(yaml)).rejects.toThrow(message);
  });
});
