import { rm } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { testRun } from "../testing/experiment.ts";
import { testFolder } from "../testing/test-folder.ts";

/** What an encoder was asked for. */
function encoding() {
  const calls: (readonly string[])[] = [];
  return { calls, onEncode: (texts: readonly string[]) => void calls.push(texts) };
}

const config = { methods: ["plain", "shots", { shots: {}, as: "more" }, { texts: { n: 40 } }] };
const GOLD = 1;
const REFERENCES = 3; // two draws of people, and shuffled words
const CELLS = 8; // four methods, two repeats

test("a run embeds each set once: scores, comparisons and maps share it", async () => {
  const { calls, onEncode } = encoding();
  const { results } = await testRun({ world: { onEncode }, config, run: { out: path.join(testFolder(), "run") } });
  expect(results.comparisons.length).toBeGreaterThan(0);
  expect(calls).toHaveLength(GOLD + REFERENCES + CELLS);
  expect(calls.map((texts) => texts.length)).toEqual(calls.map(() => 20));
  expect(new Set(calls.map((texts) => texts.join("\n"))).size).toBe(calls.length);
});

test("a finished run that is resumed reads its texts from disk, and embeds each set once", async () => {
  const dir = path.join(testFolder(), "run");
  const first = await testRun({ config, run: { out: dir } });
  await rm(path.join(dir, "results.json"));
  const { calls, onEncode } = encoding();
  const again = await testRun({ world: { onEncode }, config, run: { resume: dir } });
  expect(calls).toHaveLength(GOLD + CELLS);
  expect(again.results).toEqual(first.results);
});
