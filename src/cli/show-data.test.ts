import path from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { datasets } from "../testing/loaded.ts";
import { testFolder } from "../testing/test-folder.ts";
import { main } from "./main.ts";

const rows = Array.from({ length: 30 }, (_, i) => `note \u001b[31m${i},t${i % 3}`);
const cwd = testFolder({ "notes.csv": `text,topic\n${rows.join("\n")}\n` });

async function data(...args: string[]) {
  let [stdout, stderr] = ["", ""];
  const exitCode = await main(["data", ...args], {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    terminal: false,
    columns: null,
    env: { MOPBENCH_CACHE: path.join(cwd, "cache") },
    cwd,
    signal: new AbortController().signal,
  });
  return { exitCode, stdout, stderr };
}

describe("mopbench data", () => {
  it("lists every dataset of the registry", async () => {
    const { exitCode, stdout } = await data("list");
    expect(exitCode).toBe(0);
    for (const name of datasets.names) expect(stdout).toMatch(new RegExp(`^${name} `, "m"));
    const entries = z
      .array(z.object({ name: z.string(), ready: z.boolean() }))
      .parse(JSON.parse((await data("list", "--json")).stdout));
    expect(entries.filter((entry) => entry.ready).map((entry) => entry.name)).toEqual(["townsquare"]);
  });

  it("shows card, parts and rows of townsquare", async () => {
    const { exitCode, stdout } = await data("show", "townsquare", "--rows", "2", "--json");
    expect(exitCode).toBe(0);
    const shown = z
      .object({ parts: z.array(z.object({ name: z.string(), records: z.number() })), rows: z.array(z.unknown()) })
      .parse(JSON.parse(stdout));
    expect(shown.parts.map((part) => part.records)).toEqual([5040, 2520, 2520, 2520]);
    expect(shown.rows).toHaveLength(2);
  });

  it("shows a user's file, without the control characters of its texts", async () => {
    const { exitCode, stdout } = await data("show", "{file: {path: notes.csv, context: topic}}", "--rows", "3");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("train           12 records, 3 contexts");
    expect(stdout).toContain("note \\u001b[31m");
    expect(stdout).not.toContain("\u001b");
    expect((await data("show", "file:notes.csv", "--rows", "0")).exitCode).toBe(0);
  });

  it("shows the card alone where the texts are elsewhere", async () => {
    const { exitCode, stdout, stderr } = await data("show", "ag_news");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("fancyzhx/ag_news");
    expect(stderr).toContain("only the card");
  });

  it("ends with 2 and the nearest name where there is none", async () => {
    const { exitCode, stdout, stderr } = await data("show", "townsqare");
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("`townsquare`");
    expect((await data("show", "file:nowhere.csv")).exitCode).toBe(2);
  });
});
