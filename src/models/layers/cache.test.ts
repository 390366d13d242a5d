import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { mopbench } from "../../../tests/support/cli.ts";
import { silent } from "../../core/progress.ts";
import { testFolder } from "../../testing/test-folder.ts";
import { CallCache } from "./cache.ts";

const texts = ["", "\ud800 and \udfff", "\ufffd", "a\0b", '𐀀 é\n\t"', "x".repeat(300_000)];
const completion = (text: string) => ({ text, tokensIn: null, tokensOut: 0, finish: "stop" });

it("gives back what was kept, byte for byte", async () => {
  const folder = testFolder();
  const cache = await CallCache.open(folder, silent);
  const answers = texts.map((text, i) => ({ at: i, completion: completion(text) }));
  for (const [i, answer] of answers.entries()) await cache.put(`key ${i}`, answer);
  cache.close();
  const again = await CallCache.open(folder, silent);
  expect(texts.map((_, i) => again.get(`key ${i}`))).toEqual(answers);
  again.close();
});

it("is looked at, found damaged and forgotten by `mopbench cache`", async () => {
  const cwd = testFolder();
  const folder = path.join(cwd, "cache", "calls");
  const cache = await CallCache.open(path.join(cwd, "cache"), silent);
  for (let i = 0; i < 50; i++) await cache.put(`key ${i}`, { at: 1000 * i, completion: completion("a".repeat(500)) });
  cache.close();
  const sound = await mopbench(["cache", "--json"], cwd);
  expect(JSON.parse(sound.stdout)).toMatchObject({
    ...{ folder, entries: 50, oldest: "1970-01-01T00:00:00.000Z", newest: "1970-01-01T00:00:49.000Z" },
  });
  expect(JSON.parse(sound.stdout).bytes).toBeGreaterThan(25_000);
  expect(sound.stderr).toBe("");
  for (const name of readdirSync(folder)) {
    const bytes = readFileSync(path.join(folder, name));
    writeFileSync(path.join(folder, name), bytes.subarray(0, bytes.length / 2));
  }
  const damaged = await mopbench(["cache"], cwd);
  expect(damaged).toMatchObject({ code: 0, stdout: expect.stringMatching(/\n0 answers, /) });
  expect(damaged.stderr).toMatch(/^warning: The answers kept in .*calls are damaged .* set aside there as damaged\.db/);
  expect((await mopbench(["cache", "--clear"], cwd)).stderr).toBe("");
  expect(readdirSync(folder)).not.toContain("damaged.db");
});

it("says that what is kept cannot be forgotten", async () => {
  const cwd = testFolder({ "cache/calls": "a file" });
  const { code, stderr } = await mopbench(["cache", "--clear"], cwd);
  expect(code).toBe(3);
  expect(stderr).toMatch(/^mopbench: The answers kept in .*calls could not be forgotten; remove that folder\.\n$/);
});

it("does not count the answers of a store that cannot be read", async () => {
  const cwd = testFolder({ "cache/calls": "a file" });
  const { code, stdout, stderr } = await mopbench(["cache"], cwd);
  expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  expect(stderr).toMatch(
    /^mopbench: The answers kept in .*calls cannot be read \(a file where a folder is needed\)\. Look .*\n$/,
  );
});
