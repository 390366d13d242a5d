import path from "node:path";
import { expect, it } from "vitest";
import { testFolder } from "../testing/test-folder.ts";
import { run } from "./run.ts";

const lines = Array.from(
  { length: 60 },
  (_, i) => `the ${["bread", "boat", "lamp"][i % 3]} and the ${i} gulls of visit ${i}\n`,
);

it("runs a config that is an object, and gives its rows as a frame", async () => {
  const cwd = testFolder({ "notes.txt": lines.join("") });
  const config = {
    datasets: [{ file: { path: "notes.txt" } }],
    models: ["embedded:small"],
    methods: ["zero-shot"],
    metrics: ["distinct"],
    samples: 10,
    decoding: { maxTokens: 8 },
  };
  const env = { MOPBENCH_CACHE: path.join(cwd, "cache") };
  const { rows, files, frame } = await run(config, { cwd, env, out: path.join(cwd, "run"), formats: [] });
  expect(files).toEqual([]);
  expect(rows.map(({ metric }) => metric)).toContain("distinct");
  const column = (name: string) => frame().then((table) => table.column(name).values);
  expect(await column("value")).toEqual(rows.map(({ value }) => value));
  expect(await column("method")).toEqual(rows.map(({ method }) => method));
});
