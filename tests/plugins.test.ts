import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
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
  ["an export that is none", "export default { name: 'x' };", /is no plug-in \(version: .*definePlugin/],
  ["something it cannot bring", "export default { name: 'x', version: '1', judges: [] };", /is no plug-in \(.*judges/],
  ["a module that throws", "throw new TypeError('no such thing');", /cannot be loaded: no such thing/],
  ["a syntax error", "export default {;", /cannot be loaded: /],
  [
    "a name that is there",
    "export default { name: 'x', version: '1', methods: [{ id: 'mop', load: async () => null }] };",
    /The plug-ins `mopbench` and `x` both bring the method `mop`/,
  ],
];

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
    expect((await mopbench(["--plugin", "./none.ts", "plan", "c.yaml"], folder)).stderr).toContain("no such file");
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

  it("are part of what a run is: it is not gone on with without them", async () => {
    const folder = testFolder({ "greeting.mjs": GREETING, "c.yaml": CONFIG, "reviews.csv": reviewsCsv(60) });
    await mopbench(["--plugin", "./greeting.mjs", "run", "c.yaml", "--out", "run", "--quiet"], folder);
    const { code, stderr } = await mopbench(["run", "c.yaml", "--resume", "run"], folder);
    expect(code).toBe(2);
    expect(stderr).toContain("another config");
  });
});
