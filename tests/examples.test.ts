import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../src/storage/package-root.ts";
import { type Installed, installPacked } from "./support/packed.ts";

const examples = path.join(packageRoot(), "examples");
const files = readdirSync(examples).filter((file) => file.endsWith(".ts"));

describe("the examples, in an empty folder with the packed package", () => {
  let installed: Installed;

  beforeAll(async () => {
    installed = await installPacked();
    const { folder } = installed;
    for (const file of files) cpSync(path.join(examples, file), path.join(folder, file));
    await mkdir(path.join(folder, "notes"));
    for (let i = 0; i < 120; i++) {
      const words = ["bread", "tea", "rain", "stairs", "lamp", "salt", "late", "kind"];
      const text = Array.from({ length: 6 + (i % 5) }, (_, j) => words[(i * 7 + j * j * 3 + i * j) % words.length]);
      writeFileSync(
        path.join(folder, "notes", `${i}.txt`),
        `the ${i % 3 === 0 ? "bakery" : "market"}\n${text.join(" ")} ${i}${i % 4 === 0 ? "?" : "."}\n`,
      );
    }
    writeFileSync(
      path.join(folder, "all.yaml"),
      `plugins: [${files.map((file) => `./${file}`).join(", ")}]
datasets: [folder:notes]
models: [bootstrap]
methods: [zero-shot, mood]
encoder: trigrams
metrics: [fid, question-rate]
samples: 20
repeats: 2
`,
    );
  });

  it("are one for each kind of thing", () => {
    expect(files.sort()).toEqual(["dataset.ts", "encoder.ts", "method.ts", "metric.ts", "model.ts"]);
  });

  /** Checks files of the folder as a user's strict project would. */
  async function typesOf(sources: readonly string[]) {
    const compilerOptions = {
      module: "nodenext",
      target: "es2023",
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      types: ["node"],
      noEmit: true,
      skipLibCheck: true,
    };
    const project = JSON.stringify({ compilerOptions, files: sources });
    writeFileSync(path.join(installed.folder, "tsconfig.json"), project);
    return installed.node(path.join(packageRoot(), "node_modules", "typescript", "bin", "tsc"), "-p", ".");
  }

  it("hold against the types that the package ships", async () => {
    expect(await typesOf(files)).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("are in it, beside the pages of docs/ and what is new", () => {
    const inside = readdirSync(path.join(installed.folder, "node_modules", "mopbench"), { recursive: true });
    const pages = ["README.md", "CHANGELOG.md", path.join("docs", "plugins.md"), path.join("examples", "metric.ts")];
    expect(inside).toEqual(expect.arrayContaining(pages));
  });

  it("a command of one's own holds against the types too", async () => {
    const program = `import { type Command, definePlugin, type Io } from "mopbench";
const greet: Command = { register: (_program, io: Io) => io.stdout(io.cwd) };
export default definePlugin({ name: "mine", version: "1", commands: [{ id: "greet", load: async () => greet }] });
`;
    writeFileSync(path.join(installed.folder, "command.mts"), program);
    expect(await typesOf(["command.mts"])).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("run together", async () => {
    const ended = await installed.mopbench("run", "all.yaml", "--out", "run", "--quiet");
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    const { rows } = JSON.parse(readFileSync(path.join(installed.folder, "run", "results.json"), "utf8"));
    const of = (metric: string) =>
      rows.filter((row: { metric: string; repeat: unknown; model: unknown }) => row.metric === metric && row.model);
    expect(of("fid").length).toBe(6);
    for (const row of [...of("fid"), ...of("question-rate")]) {
      expect(row).toMatchObject({ model: "bootstrap", dataset: "notes" });
      expect(row.value).toBeGreaterThanOrEqual(0);
    }
    expect(of("fid")[0].encoder).toBe("trigrams");
    const manifest = JSON.parse(readFileSync(path.join(installed.folder, "run", "run.json"), "utf8"));
    expect(manifest.config.plugins).toContain("example-metric@1.0.0");
    const report = readFileSync(path.join(installed.folder, "run", "report", "report.md"), "utf8");
    expect(report).toContain("Question rate");
  });

  it("hold what a run relies on, as mopbench/testing checks it", async () => {
    const program = `import { problemsOf } from "mopbench/testing";
for (const file of ${JSON.stringify(files)}) {
  const { default: plugin } = await import(\`./\${file}\`);
  console.log(file, JSON.stringify(await problemsOf(plugin, { datasets: { folder: { path: "notes" } } })));
}
`;
    writeFileSync(path.join(installed.folder, "conformance.mts"), program);
    const ended = await installed.node("--import", "tsx", "conformance.mts");
    expect(ended).toEqual({ code: 0, stdout: files.map((file) => `${file} []\n`).join(""), stderr: "" });
  });

  it("docs/library.md prints what it says, and its program holds against the types", async () => {
    const page = readFileSync(path.join(packageRoot(), "docs", "library.md"), "utf8");
    const [, program = ""] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
    const [, printed] = /It prints:\n\n```text\n([\s\S]*?)```/.exec(page) ?? [];
    writeFileSync(path.join(installed.folder, "library.mts"), program);
    expect(await typesOf(["library.mts"])).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await installed.node("--import", "tsx", "library.mts")).toEqual({ code: 0, stdout: printed, stderr: "" });
  });

  it("say what is wrong as the program itself does", async () => {
    await mkdir(path.join(installed.folder, "nobody"));
    const config =
      "plugins: [./dataset.ts]\ndatasets: [folder:nobody]\nmodels: [embedded:small]\nmethods: [zero-shot]\n";
    writeFileSync(path.join(installed.folder, "nobody.yaml"), config);
    const { code, stderr } = await installed.mopbench("plan", "nobody.yaml", "--quiet");
    expect(stderr).toBe("mopbench: folder: nobody holds no .txt files.\n");
    expect(code).toBe(2);
  });

  it("have a cache of answers, whose database comes with the package's dependencies", async () => {
    const { code, stdout, stderr } = await installed.mopbench("cache", "--json");
    expect({ code, stderr, entries: JSON.parse(stdout).entries }).toEqual({ code: 0, stderr: "", entries: 0 });
  });

  it("stand in the printed schema", async () => {
    const { stdout, code } = await installed.mopbench("--plugin", "./method.ts", "schema");
    expect(code).toBe(0);
    expect(JSON.stringify(JSON.parse(stdout).properties.methods)).toContain('"mood"');
  });
});
