import { spawnSync } from "node:child_process";
import { truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { InputError } from "../core/errors.ts";
import { testFolder } from "../testing/test-folder.ts";
import { issueLines } from "./issues.ts";
import { loadConfig } from "./load.ts";
import { configSchema } from "./schema.ts";
import { type ConfigPath, ConfigSource } from "./source.ts";
import { MOST_BYTES } from "./yaml-document.ts";

function readValue(text: string): unknown {
  return new ConfigSource("c.yaml", text, {}).value;
}

/** Nine mappings of ten aliases each: a billion texts, were they made. */
function bomb(): string {
  const letters = [..."abcdefghij"];
  const lines = letters.slice(1).map((name, i) => `${name}: &${name} [${Array(10).fill(`*${letters[i]}`).join(", ")}]`);
  return `a: &a [x, x, x, x, x, x, x, x, x, x]\n${lines.join("\n")}\n`;
}

describe("YAML that is none, or too much of it, is refused with its line", () => {
  it.each([
    ["aliases that stand for a billion texts", bomb(), /^c\.yaml:4:\d+: aliases stand for more than 10000 values/],
    ["an alias of what holds it", "a: &a\n  b: *a\n", /^c\.yaml:2:6: `\*a` stands for what it is a part of\.$/],
    ["an alias of nothing", "a: 1\nb: *x\n", /^c\.yaml:2:4: `\*x` stands for nothing/],
    ["an alias before its anchor", "b: *x\na: &x 1\n", /^c\.yaml:1:4: `\*x` stands for nothing/],
    ["an alias as a key", "a: &x k\n*x : 1\n", /^c\.yaml:2:1: /],
    ["a merge of no mapping", "a:\n  <<: 3\n", /^c\.yaml:2:3: `<<` merges nothing here/],
    ["a merge", "b: &b { c: 1 }\na:\n  <<: *b\n", /^c\.yaml:3:3: `<<` merges nothing here/],
    ["a key twice", "a: 1\nb: 2\na: 3\n", /^c\.yaml:3:1: the key `a` stands twice; it is at 1:1 already\.$/],
    ["equal keys in two spellings", "a: 1\n'a': 3\n", /^c\.yaml:2:1: the key `a` stands twice/],
    ["bytes", "a: !!binary aGVsbG8=\n", /^c\.yaml:1:\d+: the tag `!!binary` is not read here/],
    ["code", "a: !!js/function 'x'\n", /^c\.yaml:1:\d+: the tag `!!js\/function` is not read here/],
    ["a tag of one's own", "a: !secret [1]\n", /^c\.yaml:1:\d+: the tag `!secret` is not read here/],
    ["a set", "a: !!set { x, y }\n", /the tag `!!set`/],
    ["a date", "a: !!timestamp 2001-01-01\n", /the tag `!!timestamp`/],
    ["a list as a key", "? [a]\n: b\n", /^c\.yaml:1:3: not valid YAML: /],
    ["an empty key", "? \n: a\n", /^c\.yaml:1:\d+: a key is a text that is not empty\.$/],
    ["the key of all objects' prototype", "a:\n  __proto__: { x: 1 }\n", /^c\.yaml:2:3: `__proto__` cannot be a key/],
    ["two documents", "a: 1\n---\nb: 2\n", /^c\.yaml:2:1: a second document begins here/],
    ["YAML 1.1", "%YAML 1.1\n---\na: yes\n", /^c\.yaml:1:1: YAML 1\.1 is asked for/],
    ["ten thousand lists", `a: ${"[".repeat(10_000)}`, /^c\.yaml:1:\d+: more than 64 lists and mappings/],
    ["half a million lists", `a: ${"[".repeat(500_000)}`, /^c\.yaml:1:\d+: more than 64 lists and mappings/],
    ["as many by dashes", "- ".repeat(10_000), /^c\.yaml:1:\d+: more than 64 lists and mappings/],
    [
      "as many by aliases",
      `a: &a ${"[".repeat(40)}${"]".repeat(40)}\nb: ${"[".repeat(40)}*a${"]".repeat(40)}\n`,
      /^c\.yaml:2:44: more than 64/,
    ],
    ["NUL", "a: 1\nb: x\0y\n", /^c\.yaml:2:5: not valid YAML: the character U\+0000 stands here/],
    ["NUL in an escape", 'a: "x\\0y"\n', /^c\.yaml:1:4: a text that holds NUL/],
    ["half a character", 'a: "\\uD800"\n', /^c\.yaml:1:4: a text that holds NUL, or half a character\.$/],
    ["no number", "a: [1, .nan]\n", /^c\.yaml:1:8: a number that is not finite\.$/],
    ["more than any number", "a: 1e999\n", /^c\.yaml:1:4: a number that is not finite\.$/],
    ["more than a megabyte", `a: ${"x".repeat(MOST_BYTES)}`, /^c\.yaml: 1000003 bytes; a config has 1000000 at most/],
  ])("%s", (_, text, message) => {
    expect(() => readValue(text)).toThrow(InputError);
    expect(() => readValue(text)).toThrow(message);
  });

  it("what is left is plain, as JSON has it", () => {
    expect(readValue("base: &b { t: 0.5 }\na: *b\nc: [*b, !!str 5, -0, 0x10, ~]\n&k key: *b\n")).toEqual({
      base: { t: 0.5 },
      a: { t: 0.5 },
      c: [{ t: 0.5 }, "5", 0, 16, null],
      key: { t: 0.5 },
    });
    const odd = readValue("constructor: 1\ntoString: { valueOf: 2 }\nhasOwnProperty: 3\n1: 4\n");
    expect(JSON.stringify(odd)).toBe('{"1":4,"constructor":1,"toString":{"valueOf":2},"hasOwnProperty":3}');
  });

  it("problems of what an alias stands for are where it was written", () => {
    const source = new ConfigSource("c.yaml", "a: &a\n  b: 1\nc: *a\n", {});
    expect(source.position(["c"])).toBe("c.yaml:3:4");
    expect(source.position(["c", "b"])).toBe("c.yaml:2:6");
    expect(source.position(["c", "b"], "key")).toBe("c.yaml:2:3");
  });

  it("what opens a variable's name again and again takes one look at each", () => {
    expect(readValue(`a: "${"${".repeat(200_000)}"`)).toEqual({ a: "${".repeat(200_000) });
  });
});

describe("forty thousand unknown keys", () => {
  const text = Array.from({ length: 40_000 }, (_, i) => `key${i}: 1`).join("\n");

  /** Counts how often a place is looked up. */
  class Counting extends ConfigSource {
    lookups = 0;
    override line(where: ConfigPath, message: string, at: "value" | "key" = "value"): string {
      this.lookups += 1;
      return super.line(where, message, at);
    }
  }

  it("are looked up and compared twenty times, and counted", () => {
    const source = new Counting("c.yaml", text, {});
    const { error } = configSchema.safeParse(source.value);
    const lines = issueLines(source, [], source.value, error!, configSchema);
    expect(source.lookups).toBeLessThanOrEqual(20);
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toMatch(/^c\.yaml: \d+ more such problems\.$/);
    expect(lines.join("").length).toBeLessThan(20_000);
  });
});

describe("what is no config file is refused before it is read", () => {
  const folder = testFolder({ "c.yaml": "a: 1\n" });

  it.each([
    ["an endless device", "/dev/zero", "/dev/zero is a pipe or a device; a file is needed"],
    ["a folder", ".", ". is a folder; a file is needed."],
    ["a file below a file", "c.yaml/d.yaml", "There is no file c.yaml/d.yaml."],
    ["a name that is too long", "x".repeat(5000), / cannot be read: the name is longer than the disk allows\.$/],
  ])("%s", async (_, name, message) => {
    await expect(loadConfig(name, folder, {})).rejects.toThrow(message);
  });

  it("a pipe that nobody writes to", async () => {
    expect(spawnSync("mkfifo", [path.join(folder, "pipe")]).status).toBe(0);
    await expect(loadConfig("pipe", folder, {})).rejects.toThrow("pipe is a pipe or a device; a file is needed");
  });

  it("a file of gigabytes: no more than a megabyte of it is read", async () => {
    writeFileSync(path.join(folder, "large.yaml"), "");
    truncateSync(path.join(folder, "large.yaml"), 8 * 2 ** 30);
    await expect(loadConfig("large.yaml", folder, {})).rejects.toThrow(
      /^large\.yaml: over 1000000 bytes; a config has/,
    );
  });

  it("UTF-16", async () => {
    writeFileSync(path.join(folder, "utf16.yaml"), Buffer.from("\uFEFFa: 1\n", "utf16le"));
    await expect(loadConfig("utf16.yaml", folder, {})).rejects.toThrow(
      "utf16.yaml: not UTF-8. Save the file as UTF-8.",
    );
  });
});
