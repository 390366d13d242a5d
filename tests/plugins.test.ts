import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../src/storage/package-root.ts";
import { testFolder } from "../src/testing/test-folder.ts";
import { mopbench } from "./support/cli.ts";
import { reviewsCsv } from "./support/tiny-experiment.ts";

const CONFIG = `datasets: [{ file: { path: reviews.csv, text: review, context: topic } }]
models: [embedded:small]
methods: [zero-shot]
metrics: [distinct]
samples: 10
repeats: 1
`;

const GREETING = `export default {
  name: "greeting",
  version: "1.2.3",
  formats: [{ id: "names", load: async () => ({ file: "report/names.txt", render: (view, { run }) => run.manifest.name + "\\n" }) }],
  commands: [
    {
      id: "greet",
      load: async () => ({
        register: (program, io) => program.command("greet <name>").action((name) => io.stdout("Hello, " + name + ".\\n")),
      }),
    },
  ],
};
`;

const wrong: readonly (readonly [what: string, source: string, message: RegExp])[] = [
  ["no default export", "export const plugin = {};", /has no default export\. End the file with `export default/],
  ["an export that is none", "export default { name: 'x' };", /is no plug-in \(`version`: .*definePlugin/],
  ["something it cannot bring", "export default { name: 'x', version: '1', judges: [] };", /is no plug-in \(.*judges/],
  ["a module that throws", "throw new TypeError('no such thing');", /cannot be loaded: no such thing/],
  ["a syntax error", "export default {;", /cannot be loaded: /],
  [
    "a name that is there",
    "export default { name: 'x', version: '1', methods: [{ id: 'mop', load: async () => null }] };",
    /The plug-ins `mopbench` and `x` both bring the method `mop`/,
  ],
];

/** Plug-ins whose code is at fault; their `z` is ours, by its path. */
const LIBRARY = JSON.stringify(pathToFileURL(path.join(packageRoot(), "src", "index.ts")).href);
const faulty: readonly (readonly [what: string, config: string, parts: string, message: RegExp])[] = [
  [
    "load throws",
    "metrics: [bad]",
    "metrics: [{ id: 'bad', load: async () => { throw new TypeError('gone'); } }]",
    /metric `bad` cannot be loaded: TypeError: gone/,
  ],
  [
    "load gives nothing",
    "metrics: [bad]",
    "metrics: [{ id: 'bad', load: async () => undefined }]",
    /metric `bad`: `load` gave undefined\. Make it with defineMetric/,
  ],
  [
    "a plain object",
    "methods: [bad]",
    "methods: [{ id: 'bad', load: async () => ({ name: 'bad' }) }]",
    /method `bad`: it has no `\w+`\. Make it with defineMethod/,
  ],
  [
    "an encoder of a row too few",
    "encoder: bad",
    `encoders: [{ id: 'bad', load: async () => defineEncoder({ summary: "bad", options: z.strictObject({}), id: () => 'bad', create: (o, e, id) => ({
      id, width: 2, normalized: false, fingerprint: 'bad', description: {},
      encode: async (texts) => ({ data: new Float32Array(2 * texts.length - 2), rows: texts.length - 1, cols: 2 }) }) }) }]`,
    /The encoder `bad` gave \d+ x 2 for \d+ texts/,
  ],
  [
    "a model that gives nothing",
    "models: [bad]",
    `models: [{ id: 'bad', load: async () => defineModel({ summary: "bad", options: z.strictObject({}), id: () => 'bad', create: (o, e, id) => ({
      id, can: { chat: true }, remark: null, description: {}, generate: async () => undefined }) }) }]`,
    /The model `bad` gave no answer/,
  ],
  [
    "a method that fills a slot twice",
    "methods: [bad]",
    `methods: [{ id: 'bad', load: async () => defineMethod({ summary: "bad", options: z.strictObject({}), id: () => 'bad', create: () => ({
      name: 'bad', needs: [], sees: '0', fit: async () => ({ realTextsSeen: 0, summary: '', exemplars: [],
        fill: async (task, put) => { for (const slot of [0, 0]) put({ slot, text: 'x', persona: null, exemplars: [], calls: [] }); } }) }) }) }]`,
    /plug-in `faulty`, method `bad` fails: RangeError: bad put slot 0/,
  ],
  [
    "a metric that throws",
    "metrics: [bad]",
    `metrics: [{ id: 'bad', load: async () => defineMetric({ id: 'bad', name: 'Bad', meaning: 'Bad.', group: 'honesty', better: 'lower', range: [0, 1],
      needs: { texts: true }, source: 'test', floor: false, notes: { defaults: '', edges: '', notCopied: '' },
      compute: () => { throw new Error('no number'); } }) }]`,
    /plug-in `faulty`, metric `bad` fails: Error: no number/,
  ],
];

describe("faults in the code of plug-ins", () => {
  it.each(faulty)("are said to be theirs: %s", async (_, config, parts, message) => {
    const key = config.split(":")[0]!;
    const others = CONFIG.split("\n").filter(
      (line) => !line.startsWith(`${key}:`) && !(key === "encoder" && line.startsWith("metrics:")),
    );
    const folder = testFolder({
      "bad.mjs": `import { defineEncoder, defineMethod, defineMetric, defineModel, z } from ${LIBRARY};\nexport default { name: "faulty", version: "1", ${parts} };\n`,
      "c.yaml": `plugins: [./bad.mjs]\n${config}\n${key === "encoder" ? "metrics: [fid]\n" : ""}${others.join("\n")}`,
      "reviews.csv": reviewsCsv(60),
    });
    const { code, stderr } = await mopbench(["run", "c.yaml", "--out", "run", "--quiet"], folder);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("internal error");
    expect(code).toBe(2);
  });
});

describe("plug-ins of a config and of --plugin", () => {
  it.each(wrong)("are refused in a sentence: %s", async (_, source, message) => {
    const folder = testFolder({
      "mine.mjs": source,
      "c.yaml": `plugins: [./mine.mjs]\n${CONFIG}`,
      "reviews.csv": reviewsCsv(60),
    });
    const { code, stdout, stderr } = await mopbench(["plan", "c.yaml"], folder);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("internal error");
  });

  it("say how one is found that is not there", async () => {
    const folder = testFolder({ "c.yaml": `plugins: [no-such-package]\n${CONFIG}` });
    const { code, stderr } = await mopbench(["plan", "c.yaml"], folder);
    expect(code).toBe(2);
    expect(stderr).toContain("npm install no-such-package");
    expect((await mopbench(["--plugin", "./none.ts", "plan", "c.yaml"], folder)).stderr).toContain(
      "There is no file ./none.ts.",
    );
  });

  it("bring commands and formats of reports", async () => {
    const folder = testFolder({ "greeting.mjs": GREETING, "c.yaml": CONFIG, "reviews.csv": reviewsCsv(60) });
    const greeted = await mopbench(["--plugin", "./greeting.mjs", "greet", "Ann"], folder);
    expect(greeted).toEqual({ code: 0, stdout: "Hello, Ann.\n", stderr: "" });
    const run = ["run", "c.yaml", "--out", "run", "--quiet"];
    expect(await mopbench(["--plugin", "./greeting.mjs", ...run], folder)).toMatchObject({ code: 0 });
    const manifest = JSON.parse(readFileSync(path.join(folder, "run", "run.json"), "utf8"));
    expect(manifest.config.plugins).toEqual(["greeting@1.2.3"]);
    const report = ["report", "run", "--format", "names", "--quiet"];
    expect(await mopbench(["--plugin", "./greeting.mjs", ...report], folder)).toMatchObject({ code: 0 });
    expect(readFileSync(path.join(folder, "run", "report", "names.txt"), "utf8")).toBe("c\n");
    expect((await mopbench(report, folder)).stderr).toContain("Unknown format `names`");
  });

  it("are taken wherever the flag stands, and write into the report alone", async () => {
    const escaping = GREETING.replace("report/names.txt", "../names.txt");
    const folder = testFolder({
      "greeting.mjs": GREETING,
      "escaping.mjs": escaping,
      "c.yaml": CONFIG,
      "reviews.csv": reviewsCsv(60),
    });
    expect((await mopbench(["greet", "Ann", "--plugin", "./greeting.mjs"], folder)).stdout).toBe("Hello, Ann.\n");
    await mopbench(["run", "c.yaml", "--out", "run", "--quiet"], folder);
    const { code, stderr } = await mopbench(["report", "run", "--format", "names", "--plugin=./escaping.mjs"], folder);
    expect(code).toBe(2);
    expect(stderr).toContain("A format's file is `../names.txt`");
  });

  it("are part of what a run is: it is not gone on with without them", async () => {
    const folder = testFolder({ "greeting.mjs": GREETING, "c.yaml": CONFIG, "reviews.csv": reviewsCsv(60) });
    await mopbench(["--plugin", "./greeting.mjs", "run", "c.yaml", "--out", "run", "--quiet"], folder);
    const { code, stderr } = await mopbench(["run", "c.yaml", "--resume", "run"], folder);
    expect(code).toBe(2);
    expect(stderr).toContain("another config");
  });
});
