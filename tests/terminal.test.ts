import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../src/storage/package-root.ts";
import { testFolder } from "../src/testing/test-folder.ts";
import { mopbench } from "./support/cli.ts";
import { type CompletionsServer, completionsServer, sendJson } from "./support/completions-server.ts";
import { tinyLlama } from "./support/tiny-llama.ts";

/** Moves the cursor, names the window, rings, overrides the order of letters, ends the line and writes over it. */
const HOSTILE = "x\u001b[2J\u001b]0;owned\u0007\u009b31m\u202egpj\u2066\u200f\u2028\r\b\nmopbench: all is well";
/** No text of others may hold one; our own line feeds end lines. */
const CONTROLS = "\\0-\\x08\\x0b-\\x1f\\x7f-\\x9f";
const OBEYED = new RegExp(`[${CONTROLS}\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u206f]`);

let folder = "";
let server: CompletionsServer;

beforeAll(async () => {
  const rows = Array.from(
    { length: 120 },
    (_, i) => `"a text ${i % 7} ${HOSTILE} ${i}","${HOSTILE}","${HOSTILE}${i % 2}"`,
  );
  folder = testFolder({
    [`d${HOSTILE.replaceAll("/", "-")}.csv`]: "review\nwords\n",
    "d.csv": `review,topic,"stars${HOSTILE}"\n${rows.join("\n")}\n`,
    "few.csv": 'review\n"one\n"',
  });
  server = await completionsServer(tinyLlama(), {
    intercept: (_request, text, response) => {
      const { model } = JSON.parse(text);
      if (model === "fine") return false;
      if (model === "page") response.writeHead(200, { "content-type": "text/html" }).end(`<html>${HOSTILE}`);
      else if (model === "moved") response.writeHead(302, { location: `/${encodeURI(HOSTILE)}` }).end();
      else
        sendJson(response, model === "auth" ? 401 : 400, {
          error: { message: HOSTILE, code: HOSTILE, param: HOSTILE },
        });
      return true;
    },
  });
});
afterAll(() => server.close());

/** A text as it stands in YAML and JSON, in ASCII. */
const inYaml = (text: string) =>
  JSON.stringify(text).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
const quoted = inYaml(HOSTILE);
const data = (more = "") =>
  `{ file: { path: ${JSON.stringify(path.join(folder, "d.csv"))}, text: review, context: topic, label: ${inYaml(`stars${HOSTILE}`)}${more} } }`;
const config = (
  model: string,
  id = quoted,
) => `{ datasets: [${data()}], models: [{ openai: { model: ${model}, baseUrl: "${server.baseUrl}", seed: false }, as: ${id} }],
  methods: [{ zero-shot: {}, as: ${inYaml(`m${HOSTILE}`)} }], samples: 4, repeats: 1, attempts: 1, metrics: [distinct, self-bleu] }`;

async function ended(args: readonly string[], config: string | null = null) {
  const dir = testFolder(config === null ? {} : { "c.json": config });
  const said = await mopbench(config === null ? args : [...args, path.join(dir, "c.json")], folder);
  expect(`${said.stdout}${said.stderr}`).not.toBe("");
  expect(said.stdout).not.toMatch(OBEYED);
  expect(said.stderr).not.toMatch(OBEYED);
  return said;
}

describe("nothing of others reaches a terminal that would obey it", () => {
  it.each(["refused", "auth", "page", "moved"])("from a server: %s", async (model) => {
    const run = await ended(
      ["run", "--out", path.join(testFolder(), "out")],
      config(model, quoted.replace("\\n", " ")),
    );
    expect(run.code).toBe(3);
    expect(run.stderr.split("\n").filter((line) => line.startsWith("mopbench: "))).toHaveLength(1);
    const check = await ended(["models", "check", `openai:${model}`, "--base-url", server.baseUrl]);
    expect(check.stdout.split("\n").filter((line) => line.startsWith("mopbench: "))).toEqual([]);
  });

  it("from ids, names of columns, labels and texts: plan, run and its tables, a report", async () => {
    expect(await ended(["plan"], config("fine"))).toMatchObject({ code: 0 });
    const out = path.join(testFolder(), "out");
    const run = await ended(["run", "--out", out], config("fine"));
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout).toContain("\\u001b[2J\\u001b]0;owned\\u0007");
    expect(await ended(["report", out])).toMatchObject({ code: 0 });
  });

  it("from data that are shown, also as JSON, which stays the same value", async () => {
    const shown = await ended(["data", "show", data(), "--rows", "3"]);
    expect(shown.code, shown.stderr).toBe(0);
    expect(shown.stdout.split("\n").filter((line) => line.startsWith("mopbench: "))).toEqual([]);
    const { rows } = JSON.parse((await ended(["data", "show", data(), "--rows", "3", "--json"])).stdout);
    expect(JSON.stringify(rows)).toContain(
      JSON.stringify("\u001b]0;owned\u0007\u009b31m\u202egpj\u2066\u200f").slice(1, -1),
    );
  });

  it.each([
    ["a file's name", ["score", "--gold", HOSTILE, "--synthetic", "d.csv"]],
    ["a column's name", ["score", "--gold", "d.csv", "--synthetic", "d.csv", "--text", HOSTILE]],
    ["the columns there are", ["score", "--gold", "d.csv", "--synthetic", "d.csv", "--text", "none"]],
    ["a metric's name", ["score", "--gold", "d.csv", "--synthetic", "d.csv", "--text", "review", "--metrics", HOSTILE]],
    [
      "an encoder's name",
      ["score", "--gold", "d.csv", "--synthetic", "d.csv", "--text", "review", "--encoder", HOSTILE],
    ],
    ["a command", [HOSTILE]],
    ["an option", ["run", "c.yaml", `--${HOSTILE}`]],
    ["a config's name", ["run", HOSTILE]],
    ["a plug-in's name", ["run", "c.yaml", "--plugin", HOSTILE]],
    ["a data set's name", ["data", "show", HOSTILE]],
    ["a model's name", ["models", "check", HOSTILE]],
    ["a run's folder", ["report", HOSTILE]],
    ["a format", ["report", "c", "--format", HOSTILE]],
  ])("from a message about %s", async (_, args) => {
    expect((await ended(args)).code).toBe(2);
  });

  it.each([
    ["an unknown key", `{ ${quoted}: 1 }`],
    ["a wrong value", `{ samples: ${quoted} }`],
    ["an unknown name", `{ datasets: [${quoted}], methods: [${quoted}] }`],
    ["an unknown column", `{ datasets: [${data(`, id: ${quoted}`)}], methods: [zero-shot], models: [embedded:small] }`],
    ["broken YAML", `{ a: "${"x"}`],
  ])("from a config with %s", async (_, text) => {
    expect((await ended(["run"], text)).code).toBe(2);
  });
});

describe("the ways out", () => {
  it("are those of the command line: no other source writes to the process's streams", () => {
    const src = path.join(packageRoot(), "src");
    const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter(
      (file) =>
        /\.(ts|mjs)$/.test(file) && !/\.test\.ts$/.test(file) && file !== path.join("numerics", "kernel", "build.mjs"),
    );
    const writing = files.filter((file) => {
      const code = readFileSync(path.join(src, file), "utf8").replace(/^\s*(?:\/?\*|\/\/).*$/gm, "");
      return /process\s*\.\s*(?:stdout|stderr)|\bconsole\b|emitWarning|node:console|node:process|\bfd: ?[12]\b/.test(
        code,
      );
    });
    // The streams themselves; the word on Ctrl-C, and the launcher's on a folder that is gone; bars, which are handed lines (`inLines`); in the library, a warning nobody listens for.
    const known = ["cli/main.ts", "cli/mopbench.mjs", "cli/progress.ts", "core/io.ts", "encoders/store.ts"];
    expect(writing.sort()).toEqual(known.map((file) => path.normalize(file)));
    const main = readFileSync(path.join(src, "cli", "main.ts"), "utf8");
    expect(main).not.toMatch(/process\.stderr\.write\([^"]/);
    expect(readFileSync(path.join(src, "encoders", "store.ts"), "utf8")).toMatch(
      /emitWarning\(visibleLine\(message\)\)/,
    );
  });
});
