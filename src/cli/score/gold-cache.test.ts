import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { derivedNumbers, memoOf } from "../../metrics/memo.ts";
import { SampleSet } from "../../metrics/sample-set.ts";
import { testFolder } from "../../testing/test-folder.ts";
import { GoldCache } from "./gold-cache.ts";

const values = [0, -0, Number.NaN, Number.NEGATIVE_INFINITY, 5e-324, 1 / 3];

/** A number derived of a set, how often it was made, and what the cache said. */
async function numbersOf(folder: string, texts: readonly string[]) {
  let made = 0;
  const numbers = derivedNumbers("test 1", ({ texts }) => {
    made += 1;
    return Float64Array.of(...values, texts?.length ?? 0);
  });
  const said: string[] = [];
  const set = new SampleSet({ texts });
  const keep = await new GoldCache(folder, { warn: (message) => said.push(message) }).open(set);
  const derived = numbers(set);
  await keep();
  expect(derived).toEqual(Float64Array.of(...values, texts.length));
  expect(memoOf(set).get("test 1")).toEqual(derived);
  return { made, said };
}

it("computes once for the same texts, bit for bit, and again for others", async () => {
  const folder = path.join(testFolder(), "gold");
  for (const texts of [["a", "b"], ["a", "\ud800"], ["a", "\udc00"], ["a", "\ufffd"], ["a\n1 b"]]) {
    expect(await numbersOf(folder, texts)).toEqual({ made: 1, said: [] });
    expect(await numbersOf(folder, texts)).toEqual({ made: 0, said: [] });
  }
});

it.each<readonly [string, (file: string, other: string) => void]>([
  ["was cut", (file) => writeFileSync(file, readFileSync(file).subarray(0, 60))],
  ["is empty", (file) => writeFileSync(file, "")],
  ["has a flipped bit", (file) => writeFileSync(file, readFileSync(file).with(90, readFileSync(file)[90]! ^ 1))],
  ["is another set's", (file, other) => cpSync(other, file)],
  ["is a folder", (file) => [rmSync(file), mkdirSync(path.join(file, "inside"), { recursive: true })]],
])("computes again, and says so, what is kept in a file that %s", async (_, damage) => {
  const folder = testFolder();
  await numbersOf(folder, ["a"]);
  const [file = ""] = readdirSync(folder);
  await numbersOf(folder, ["b"]);
  const other = readdirSync(folder).find((name) => name !== file)!;
  damage(path.join(folder, file), path.join(folder, other));
  expect(await numbersOf(folder, ["a"])).toEqual({
    made: 1,
    said: [expect.stringMatching(/^What was kept of gold in .* cannot be used and is computed again: /)],
  });
  expect(await numbersOf(folder, ["a"])).toEqual({ made: 0, said: [] });
});

it("removes what an earlier version kept, and nothing else", async () => {
  const folder = testFolder({ [`${"0".repeat(64)}.numbers`]: "old", "mine.numbers": "kept" });
  await numbersOf(folder, ["a"]);
  expect(readdirSync(folder)).toHaveLength(2);
  expect(readdirSync(folder)).toContain("mine.numbers");
});
