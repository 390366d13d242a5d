import { readFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { RunManifest } from "../src/analysis/run-manifest.ts";
import type { ResultRow, Results } from "../src/core/result.ts";
import { Stream } from "../src/core/stream.ts";
import { testFolder } from "../src/testing/test-folder.ts";
import { mopbench } from "./support/cli.ts";

/** Reviews without a space, all different. */
function reviews(seed: number, count: number): string {
  const random = Stream.root(seed).derive("reviews");
  const parts = [
    ["这家餐厅的汤", "服务员的态度", "窗外的风景", "酒店的早餐", "房间的灯光", "门口的花园", "桌上的面包"],
    ["非常好", "让人失望", "比我们想象的好得多", "和去年一样", "不值这个价格", "正如朋友所说"],
    ["下次还会再来", "我不会推荐给朋友", "孩子们都很喜欢", "总的来说可以接受", "老板也很热情"],
    ["交通也很方便", "停车有点困难", "离火车站不远", "周末人太多了", "晚上特别安静"],
  ];
  const texts = new Set<string>();
  while (texts.size < count) texts.add(`${parts.map((part) => random.pick(part)).join("，")}。`);
  return `${[...texts].join("\n")}\n`;
}

const config = (more: string) => `
name: reviews
datasets: [{ file: zh.txt }]
models: []
methods: [{ texts: { path: made.txt } }]
samples: 30
repeats: 1
metrics: [self-bleu, distinct-1, homogenization, ngram-vendi]
${more}`;

let folder = "";
beforeAll(async () => {
  folder = testFolder({
    "zh.txt": reviews(1, 200),
    "made.txt": reviews(2, 30),
    "gold.txt": reviews(3, 30),
    "blind.yaml": config(""),
    "words.yaml": config("tokenizer: words"),
    "bad.yaml": config("tokenizer: jieba"),
  });
});

const WARNING = /zh: these texts are written without spaces between words.*`tokenizer: words` in the config/;

async function run(name: string) {
  const { code, stderr } = await mopbench(["run", `${name}.yaml`, "--out", name], folder);
  expect(code, stderr).toBe(0);
  const manifest: RunManifest = JSON.parse(await readFile(path.join(folder, name, "run.json"), "utf8"));
  const { rows }: Results = JSON.parse(await readFile(path.join(folder, name, "results.json"), "utf8"));
  const row = (method: string, metric: string) => rows.find((r) => r.method === method && r.metric === metric)!;
  return { stderr, manifest, row };
}

describe("a language without spaces", () => {
  it("is warned of in `plan`, unless the config says how words are found", async () => {
    expect((await mopbench(["plan", "blind.yaml"], folder)).stderr).toMatch(WARNING);
    const planned = await mopbench(["plan", "words.yaml"], folder);
    expect([planned.code, planned.stderr]).toEqual([0, expect.not.stringMatching(WARNING)]);
  });

  it("is shown with its words counted, and the same warning", async () => {
    const { code, stdout, stderr } = await mopbench(["data", "show", "file:zh.txt", "--rows", "0"], folder);
    expect([code, stderr]).toEqual([0, expect.stringMatching(WARNING)]);
    expect(stdout).toMatch(/train +80 records, 1 contexts, \d\d words at the median/);
  });

  it("is one token a text to `run` by default, with a warning that is kept", async () => {
    const { stderr, manifest, row } = await run("blind");
    expect(stderr).toMatch(WARNING);
    expect(manifest.warnings).toEqual([expect.stringMatching(WARNING)]);
    expect(row("made", "length-gap").settings).toMatchObject({ meanTokens: 1, tokenizer: "split" });
    expect([row("made", "homogenization").value, row("made", "distinct-1").value]).toEqual([0, 1]);
  });

  it("is read by words where the config says so", async () => {
    const { stderr, manifest, row } = await run("words");
    expect(stderr).not.toMatch(WARNING);
    expect(manifest.config).toMatchObject({ tokenizer: "words" });
    const { settings } = row("made", "length-gap");
    expect(settings).toMatchObject({ tokenizer: "words", icu: process.versions.icu });
    expect(Number(settings.meanTokens)).toBeGreaterThan(8);
    expect(row("made", "homogenization").value).toBeGreaterThan(0.2);
    expect(row("made", "distinct-1").value).toBeLessThan(0.5);
    // Shuffled words keep fewer runs than people's texts; a text that is one word cannot be shuffled.
    expect(row("shuffled", "self-bleu").value).toBeLessThan(row("real", "self-bleu").value!);
  });

  it("is another experiment: no run goes on under another tokenizer, and no other is known", async () => {
    const resumed = await mopbench(["run", "words.yaml", "--resume", "blind"], folder);
    expect([resumed.code, resumed.stderr]).toEqual([2, expect.stringMatching(/was made with another config/)]);
    const bad = await mopbench(["run", "bad.yaml"], folder);
    expect([bad.code, bad.stderr]).toEqual([2, expect.stringMatching(/bad\.yaml.*tokenizer.*whitespace.*words/s)]);
  });

  it("is warned of in `score`, whose --tokenizer is not answered with what is kept of another", async () => {
    const args = ["score", "--gold", "gold.txt", "--synthetic", "made.txt", "--metrics", "ngram-vendi,homogenization"];
    const rows = async (...more: string[]) => {
      const { code, stdout, stderr } = await mopbench([...args, "--json", ...more], folder);
      expect(code, stderr).toBe(0);
      const found: Results = JSON.parse(stdout);
      return { stderr, rows: new Map<string, ResultRow>(found.rows.map((row) => [row.metric, row])) };
    };
    const blind = await rows();
    expect(blind.stderr).toMatch(/gold\.txt: these texts .*`--tokenizer words`/);
    const words = await rows("--tokenizer", "words");
    expect(words.stderr).not.toMatch(/without spaces/);
    expect(blind.rows.get("homogenization")).toMatchObject({ value: 0, gold: 0 });
    expect(words.rows.get("homogenization")!.gold).toBeGreaterThan(0.2);
    expect(words.rows.get("ngram-vendi")!.gold).not.toBe(blind.rows.get("ngram-vendi")!.gold);
    expect(words.rows.get("ngram-vendi")!.settings).toMatchObject({ tokenizer: "words", icu: process.versions.icu });
    expect((await rows("--tokenizer", "words")).rows).toEqual(words.rows);
    expect((await mopbench([...args, "--tokenizer", "jieba"], folder)).code).toBe(2);
  });
});
