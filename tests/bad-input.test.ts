import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { testFolder } from "../src/testing/test-folder.ts";
import { mopbench } from "./support/cli.ts";
import { reviewsCsv, TINY_CONFIG } from "./support/tiny-experiment.ts";

const folder = testFolder({
  "tiny.yaml": TINY_CONFIG,
  "reviews.csv": reviewsCsv(300),
  "empty.csv": "review,topic,stars\n",
  "latin1.csv": Buffer.concat([Buffer.from("review,topic,stars\ncaf"), Buffer.of(0xe9), Buffer.from(",bakery,good\n")]),
});

/** The tiny config with one thing changed. */
function changed(from: string | RegExp, to: string): string {
  const text = TINY_CONFIG.replace(from, to);
  if (text === TINY_CONFIG) throw new Error(`Nothing to change at ${String(from)}.`);
  return text;
}

/** Runs a config that is wrong: exit 2, one message, no stack, nothing on stdout, no folder. */
async function refusal(config: string, ...flags: string[]): Promise<string> {
  await writeFile(path.join(folder, "wrong.yaml"), config);
  const { code, stdout, stderr } = await mopbench(["run", "wrong.yaml", "--quiet", "--out", "never", ...flags], folder);
  expect(code, stderr).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect(await readdir(folder)).not.toContain("never");
  return stderr;
}

describe("wrong input ends with exit 2 and one clear message", () => {
  it.each([
    ["a missing data file", changed("reviews.csv", "nowhere.csv"), /^mopbench: .*nowhere\.csv/],
    ["an unknown column", changed("text: review", "text: reveiw"), /^mopbench: .*reviews\.csv.*`reveiw`.*`?review/],
    ["an empty dataset", changed("reviews.csv", "empty.csv"), /^mopbench: .*empty\.csv/],
    ["bytes that are not UTF-8", changed("reviews.csv", "latin1.csv"), /^mopbench: .*latin1\.csv.*UTF-8/],
    [
      "an unknown method",
      changed("- zero-shot", "- zero-shto"),
      /^mopbench: wrong\.yaml:7:5: methods\[0\]: .*Did you mean `zero-shot`\?/,
    ],
    [
      "an unknown metric",
      changed("self-bleu", "self-blue"),
      /^mopbench: wrong\.yaml:15:27: metrics\[2\]: .*Did you mean `self-bleu`\?/,
    ],
    [
      "an unknown model",
      changed("embedded:small", "embeded:small"),
      /^mopbench: wrong\.yaml:5:10: models\[0\]: .*Did you mean `embedded`\?/,
    ],
    [
      "an unknown dataset",
      changed("- file:", "- fiel:"),
      /^mopbench: wrong\.yaml:4:\d+: datasets\[0\].*Did you mean `file`\?/,
    ],
    ["an unknown encoder", changed("embedded:lsa", "embedded:lsi"), /^mopbench: wrong\.yaml:14:10: encoder.*"lsa"/],
    [
      "a wrong type",
      changed("repeats: 2", "repeats: two"),
      /^mopbench: wrong\.yaml:13:10: repeats: found "two"; allowed: /,
    ],
    [
      "zero samples",
      changed("samples: 40", "samples: 0"),
      /^mopbench: wrong\.yaml:12:10: samples: found 0; allowed: at least 1\.$/m,
    ],
    ["no metrics", changed(/metrics: .*/, "metrics: []"), /metrics: found an empty list; allowed: at least 1 item/],
    [
      "equal ids",
      changed("- zero-shot", "- zero-shot\n  - zero-shot"),
      /^mopbench: wrong\.yaml:8:5: methods\[1\]: a second method with the id `zero-shot`.*as: NAME/,
    ],
    [
      "an id of a reference row",
      changed("- zero-shot", "- zero-shot: { as: real }"),
      /the id `real` is a reference row's/,
    ],
    [
      "a wrong option of a method",
      changed("personas: 4 }", "personas: many }"),
      /^mopbench: wrong\.yaml:8:\d+: methods\[1\]\.persona\.personas: found "many"; allowed: /,
    ],
    [
      "personas that cannot be",
      changed("persona: { personas: 4 }", "persona: { personas: 4000 }"),
      /^mopbench: .*4000/,
    ],
    [
      "a primary that is not computed",
      `${TINY_CONFIG}primary: mauve\n`,
      /^mopbench: wrong\.yaml:17:10: primary: `mauve` is not among the metrics/,
    ],
    [
      "an environment variable that is not set",
      changed("reviews.csv", `"$${"{MOPBENCH_NO_SUCH}"}/r.csv"`),
      /wrong\.yaml:4:\d+: datasets\[0\]\.file\.path: the environment variable MOPBENCH_NO_SUCH is not set/,
    ],
    [
      "a template that calls something",
      `${TINY_CONFIG}prompts:\n  task: |\n    Write.\n    {{log context level='info'}}\n`,
      /^mopbench: wrong\.yaml:18:9: prompts\.task: The prompt template `task`, line 2, column 1, holds a call with arguments/,
    ],
    [
      "a template of a data set",
      changed("label: stars", "label: stars, prompts: { example: '{{exemplars}}' }"),
      /^mopbench: wrong\.yaml:4:\d+: datasets\[0\]\.file\.prompts\.example: The prompt template `example`, line 1, column 1, holds the list/,
    ],
    ["no model for methods that prompt", changed("models: [embedded:small]", "models: []"), /names none: add `models`/],
    [
      "a model that cannot do what a method needs",
      changed("personas: 4, exemplars: 40, records", "personaSource: model, personas: 4, exemplars: 40, records"),
      /No model of the config can run `mop`.*instructions.*Methods that would work: .*zero-shot/,
    ],
  ])("%s", async (_, config, message) => {
    expect(await refusal(config)).toMatch(message);
  });

  it("a line of 50 MB", async () => {
    await writeFile(path.join(folder, "long.csv"), `review\n${"x".repeat(50 * 2 ** 20)}\n`);
    const text = changed(/\{ path: reviews\.csv.*/, "{ path: long.csv, text: review }");
    expect(await refusal(text)).toMatch(/^mopbench: .*long\.csv/);
    await rm(path.join(folder, "long.csv"));
  });

  it.each([
    ["rank", "1000000", "at most 4096"],
    ["pairs", "1000000", "at most 10000"],
    ["learningRate", "100", "at most 1"],
    ["temperature", "1.0e-300", "at least 0.001"],
    ["penalties", "[1.0e300]", "at most 1000000"],
  ])("more of `%s` than a fit can bear", async (option, value, allowed) => {
    expect(await refusal(changed(/ mop: \{.*\}/, ` mop: { ${option}: ${value} }`))).toMatch(
      new RegExp(`methods\\[4\\]\\.mop\\.${option}.*: found .*; allowed: ${allowed}\\.`),
    );
  });

  it.each([
    ["personas", "persona: { personaSource: file, personaFile: gone.txt, as: mine }"],
    ["personas of a mixture", "mop: { personaSource: file, personaFile: gone.txt }"],
    ["personas of a hub", "persona-hub: { path: gone.txt }"],
    ["the mixture whose temperature is taken", "few-shot: { temperatureOf: gone.json, as: mine }"],
    ["an artifact", "mop: { artifact: gone.json }"],
    ["other people's texts", "exemplar-placebo: { path: gone.txt }"],
    ["texts made elsewhere", "texts: { path: gone.txt }"],
  ])("a file of %s that is not there, before anything is spent", async (_, method) => {
    expect(await refusal(changed(/mop: \{.*\}/, method))).toMatch(/^mopbench: .*gone\.(txt|json)/);
  });

  it("an artifact of another encoder, before another method spends anything", async () => {
    const only = ["--only", "method=mop-cosine", "--limit", "2", "--quiet"];
    const cosine = TINY_CONFIG.replace(/mop: \{.*\}/, "mop-cosine: { personas: 4, exemplars: 20 }");
    await writeFile(path.join(folder, "cosine.yaml"), cosine);
    expect((await mopbench(["run", "cosine.yaml", "--out", "cosine", ...only], folder)).code).toBe(0);
    const artifact = "cosine/artifacts/reviews/embedded-small/mop-cosine/mop.json";
    const other = TINY_CONFIG.replace(/mop: \{.*\}/, `mop-cosine: { artifact: ${artifact} }`);
    await writeFile(
      path.join(folder, "other.yaml"),
      other.replace("embedded:lsa", "{embedded: {name: lsa, dimensions: 9}}"),
    );
    const { code, stderr } = await mopbench(["run", "other.yaml", "--out", "other"], folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(/The artifact was fitted with the encoder/);
    expect(stderr).not.toMatch(/zero-shot.*samples|2 of 40/);
    expect(existsSync(path.join(folder, "other", "cells"))).toBe(false);
  });

  it("a learning rate at which a fit runs away", async () => {
    await writeFile(path.join(folder, "wild.yaml"), changed("maxSteps: 40", "maxSteps: 40, learningRate: 1"));
    const { code, stderr } = await mopbench(["run", "wild.yaml", "--only", "method=mop", "--out", "wild"], folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(/The gates' logits have run away: give a lower `learningRate`\./);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  it.each([
    ["a misspelt flag", ["--otu", "x"], /Did you mean --out\?/],
    ["a flag's value", ["--limit", "0"], /--limit.*at least 1/],
    ["an id that --only does not find", ["--only", "method=mpo"], /Did you mean `mop`\?/],
    ["both --out and --resume", ["--resume", "never"], /exclude each other/],
    ["a text that would begin a line", ["--only", "method=a\nfake: line"], /`a\\nfake: line`/],
    ["a flag that would begin a line", ["--a\nfake: line"], /--a\\nfake: line/],
  ])("%s", async (_, flags, message) => {
    expect(await refusal(TINY_CONFIG, ...flags)).toMatch(message);
  });

  it("a name in the config or the data that would begin a line", async () => {
    const found = await refusal(changed("text: review", 'text: "a\\nfake: line"'));
    expect(found).toContain("a\\nfake: line");
    const two = await refusal(`${TINY_CONFIG}\n"a\\nfake: line": 1\nbeta: 2\n`);
    expect(two.match(/^.*wrong\.yaml:\d+:\d+: .*$/gm)).toHaveLength(2);
    for (const said of [found, two]) expect(said).not.toMatch(/^fake: line/m);
  });

  it("a folder to go on with that is not there", async () => {
    const { code, stderr } = await mopbench(["run", "tiny.yaml", "--resume", "mispelt"], folder);
    expect([code, stderr]).toEqual([
      2,
      "mopbench: --resume: there is no folder mispelt; name the run's folder, or begin a run with --out mispelt.\n",
    ]);
    expect(await readdir(folder)).not.toContain("mispelt");
  });

  it("a missing config, an unknown command, no command", async () => {
    expect(await mopbench(["run", "none.yaml"], folder)).toMatchObject({
      code: 2,
      stderr: "mopbench: There is no file none.yaml.\n",
    });
    expect(await mopbench(["rnu"], folder)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Did you mean run?"),
    });
    expect(await mopbench([], folder)).toMatchObject({ code: 2, stdout: "" });
    expect(await mopbench(["report", "none"], folder)).toMatchObject({ code: 2 });
  });

  it("a folder that is not empty, or another config's: nothing in it changes", async () => {
    await mkdir(path.join(folder, "mine"), { recursive: true });
    await writeFile(path.join(folder, "mine", "notes.txt"), "mine");
    const taken = await mopbench(["run", "tiny.yaml", "--out", "mine"], folder);
    expect(taken).toMatchObject({ code: 2, stderr: expect.stringContaining("mine exists and is not empty") });
    const foreign = await mopbench(["run", "tiny.yaml", "--resume", "mine"], folder);
    expect(foreign).toMatchObject({ code: 2, stderr: expect.stringContaining("no run's folder") });
    expect(await readdir(path.join(folder, "mine"))).toEqual(["notes.txt"]);

    const only = ["--only", "method=zero-shot", "--limit", "5", "--quiet"];
    expect((await mopbench(["run", "tiny.yaml", "--out", "done", ...only], folder)).code).toBe(0);
    const before = await readFile(path.join(folder, "done", "run.json"), "utf8");
    const other = await mopbench(["run", "tiny.yaml", "--resume", "done", "--seed", "99", ...only], folder);
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining("another config") });
    expect(await readFile(path.join(folder, "done", "run.json"), "utf8")).toBe(before);
  });
});
