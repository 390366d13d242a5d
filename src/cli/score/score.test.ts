import { readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { matrix } from "../../core/matrix.ts";
import type { ResultRow, Results } from "../../core/result.ts";
import { Stream } from "../../core/stream.ts";
import { encodeNpy } from "../../storage/npy.ts";
import { readSealed, writeSealed } from "../../storage/sealed.ts";
import fixture from "../../testing/metrics/text.json" with { type: "json" };
import { testFolder } from "../../testing/test-folder.ts";
import { main } from "../main.ts";

const cwd = testFolder();
const gold = fixture.sentences;
const half = gold.slice(0, 30);
const rest = gold.slice(30);

/** Runs the command, with two quick metrics unless others are named, and keeps what it printed. */
const mopbench = (...args: string[]) => mopbenchUntil(new AbortController().signal, ...args);

/** The same, stopped by a signal. */
async function mopbenchUntil(signal: AbortSignal, ...args: string[]) {
  let [stdout, stderr] = ["", ""];
  const exitCode = await main(["score", "--metrics", "kl-cosine,distinct", ...args], {
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
    signal,
  });
  return { exitCode, stdout, stderr };
}

/** The rows of a run that must succeed. */
async function rowsOf(...args: string[]): Promise<Map<string, ResultRow>> {
  const { exitCode, stdout, stderr } = await mopbench(...args, "--json");
  expect(exitCode, stderr).toBe(0);
  const results: Results = JSON.parse(stdout);
  expect(results.schema).toBe(1);
  return new Map(results.rows.map((row) => [row.metric, row]));
}

const write = (name: string, content: string | Uint8Array) => writeFile(path.join(cwd, name), content);
const jsonl = (texts: readonly unknown[], column = "text") =>
  texts.map((text) => `${JSON.stringify({ [column]: text })}\n`).join("");

function randomNpy(rows: number, cols: number, seed: number, shift = 0): Uint8Array {
  const random = Stream.root(seed);
  return encodeNpy(
    matrix(
      Float32Array.from({ length: rows * cols }, () => random.normal() + shift),
      rows,
      cols,
    ),
  );
}

beforeAll(async () => {
  await Promise.all([
    write("gold.jsonl", jsonl(half)),
    write("syn.jsonl", jsonl(rest)),
    write("syn.txt", `${rest.join("\n")}\n`),
    write("syn.csv", `id,review\n${rest.map((text, i) => `${i},"${text.replaceAll('"', '""')}"`).join("\n")}\n`),
    write("long.jsonl", jsonl(gold)),
    write("gold.npy", randomNpy(30, 5, 1)),
    write("syn.npy", randomNpy(30, 5, 2, 0.2)),
    write("wide.npy", randomNpy(30, 6, 2)),
    write("short.npy", randomNpy(20, 5, 2)),
  ]);
});

const TEXTS = ["--gold", "gold.jsonl", "--synthetic", "syn.jsonl"];

describe("what it prints", () => {
  test("metrics with options are named as in a config, and say in their settings what they were", async () => {
    const rows = await rowsOf(...TEXTS, "--metrics", "mauve,{mauve: {seed: 3}, as: mauve-3},{recall: {neighbors: 2}}");
    expect([...rows.keys()].slice(0, 3)).toEqual(["mauve", "mauve-3", "recall"]);
    expect(rows.get("mauve")!.settings.seed).toBe(25);
    expect(rows.get("mauve-3")!.settings.seed).toBe(3);
    expect(rows.get("recall")!.settings.neighbors).toBe(2);
    const { exitCode, stderr } = await mopbench(...TEXTS, "--metrics", "mauve,{mauve: {seed: 3}}");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("a second metric with the id `mauve`");
  });

  test("--json is the rows of results.json, each metric once, those always added too", async () => {
    const rows = await rowsOf(...TEXTS, "--metrics", "self-bleu,distinct,self-bleu");
    expect([...rows.keys()].slice(0, 2)).toEqual(["self-bleu", "distinct"]);
    expect([...rows.keys()]).toEqual(expect.arrayContaining(["duplicate-rate", "length-gap", "share-js"]));
    expect(rows.get("self-bleu")).toMatchObject({
      dataset: null,
      model: null,
      method: "synthetic",
      encoder: null,
      n: 30,
      nGold: 30,
      better: "gold",
      reason: null,
      settings: { n: 4, tokenizer: "split" },
    });
    expect(rows.get("share-js")).toMatchObject({
      encoder: "embedded:lsa",
      settings: { encoderFittedOn: "gold", normalized: true },
    });
  });

  test("a table for people otherwise; progress and warnings stay on stderr, --quiet silences progress", async () => {
    const shown = await mopbench(...TEXTS, "--metrics", "self-bleu");
    expect(shown.stdout).toMatch(/^30 synthetic texts \(syn\.jsonl\) against 30 gold texts \(gold\.jsonl\)/);
    expect(shown.stdout).toMatch(/self-bleu +0\.\d+ +0\.\d+ +near gold +n 4/);
    expect(shown.stdout).toMatch(/Encoder embedded:lsa/);
    expect(shown.stderr).toMatch(/metrics of words/);
    expect((await mopbench(...TEXTS, "--metrics", "self-bleu", "--quiet")).stderr).toBe("");
  });

  test("CSV, plain lines and JSONL of the same texts give the same numbers", async () => {
    const metrics = ["--metrics", "self-bleu,compression"];
    const reference = await rowsOf(...TEXTS, ...metrics);
    const fromLines = await rowsOf("--gold", "gold.jsonl", "--synthetic", "syn.txt", ...metrics);
    const fromCsv = await rowsOf(
      ...["--gold", "gold.jsonl", "--synthetic", "syn.csv", "--text", "review", "--gold-text", "text"],
      ...metrics,
    );
    expect([...fromLines.values()]).toEqual([...reference.values()]);
    expect([...fromCsv.values()]).toEqual([...reference.values()]);
  });

  test("embeddings alone: metrics of words are null with the reason", async () => {
    const rows = await rowsOf("--gold", "gold.npy", "--synthetic", "syn.npy", "--metrics", "all");
    expect(rows.get("kl-cosine")).toMatchObject({ encoder: "given", settings: { d: 5 } });
    expect(rows.get("kl-cosine")!.value).toBeGreaterThan(0);
    expect(rows.get("self-bleu")!.value).toBeNull();
    expect(rows.get("self-bleu")!.reason).toMatch(/only embeddings were given/);
    for (const row of rows.values()) expect(row.value === null).toBe(row.reason !== null);
  });

  test("texts with embeddings beside them; a second encoder adds its own rows", async () => {
    const beside = [...TEXTS, "--gold-embeddings", "gold.npy", "--synthetic-embeddings", "syn.npy"];
    const rows = await rowsOf(...beside, "--metrics", "kl-cosine,distinct");
    const alone = await rowsOf("--gold", "gold.npy", "--synthetic", "syn.npy", "--metrics", "kl-cosine");
    expect(rows.get("kl-cosine")!.value).toBe(alone.get("kl-cosine")!.value);
    expect(rows.get("distinct")!.value).toBeGreaterThan(0);
    const { stdout } = await mopbench(...beside, "--metrics", "kl-cosine", "--encoder", "embedded:lsa", "--json");
    const results: Results = JSON.parse(stdout);
    const encoders = results.rows.filter(({ metric }) => metric === "kl-cosine").map(({ encoder }) => encoder);
    expect(encoders).toEqual(["given", "embedded:lsa"]);
  });

  test("copies are looked for in --exemplars", async () => {
    await write("shown.jsonl", jsonl(rest.slice(0, 10)));
    const rows = await rowsOf(...TEXTS, "--metrics", "longest-copy,memorization", "--exemplars", "shown.jsonl");
    expect(rows.get("longest-copy")!.settings).toMatchObject({ against: "exemplars", sources: 10 });
    expect(rows.get("memorization")!.value).toBeGreaterThan(0.2);
  });

  test("failed samples (text null) are left out, with their embeddings, and counted", async () => {
    await write("failed.jsonl", jsonl([null, ...rest.slice(1)]));
    await write("gold29.jsonl", jsonl(half.slice(1)));
    await write("gold29.npy", randomNpy(29, 5, 1));
    const sides = ["--gold", "gold29.jsonl", "--synthetic", "failed.jsonl"];
    const { exitCode, stderr } = await mopbench(...sides, "--metrics", "distinct", "--quiet");
    expect([exitCode, stderr]).toEqual([
      0,
      "warning: failed.jsonl: 1 rows without a text (failed calls) were left out.\n",
    ]);
    const rows = await rowsOf(
      ...[...sides, "--gold-embeddings", "gold29.npy", "--synthetic-embeddings", "syn.npy", "--metrics", "kl-cosine"],
    );
    expect(rows.get("kl-cosine")!.n).toBe(29);
  });

  test("Ctrl-C ends with 130 and prints no half result", async () => {
    const { exitCode, stdout, stderr } = await mopbenchUntil(AbortSignal.abort(), ...TEXTS, "--json");
    expect([exitCode, stdout]).toEqual([130, ""]);
    expect(stderr).toMatch(/Stopped before all metrics were computed/);
  });

  test("slow metrics of words are computed beside those of embeddings, to the same rows", async () => {
    const texts = Array.from({ length: 200 }, (_, i) => `${gold[i % gold.length]} ${i}`);
    await write("all.txt", texts.join("\n"));
    const args = ["--gold", "all.txt", "--synthetic", "all.txt", "--metrics", "self-repetition,kl-cosine", "--json"];
    // 200 texts and 20 subsamples are work enough for a thread.
    const { exitCode, stdout, stderr } = await mopbench(...args, "--subsamples", "20");
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toMatch(/metrics of words: (\d+)\/\1 done/);
    expect(stderr).toMatch(/metrics of embedded:lsa: (\d+)\/\1 done/);
    const withIntervals: Results = JSON.parse(stdout);
    const without: Results = JSON.parse((await mopbench(...args)).stdout);
    const values = ({ rows }: Results) =>
      rows.map(({ metric, encoder, value, gold }) => ({ metric, encoder, value, gold }));
    expect(values(withIntervals)).toEqual(values(without));
  });

  test("--subsamples gives intervals around the value, or says why not; the same seed gives the same bytes", async () => {
    const random = Stream.root(8);
    const said = (count: number, of: number) =>
      Array.from({ length: count }, (_, i) => `${gold[random.int(of)]} ${random.int(9)} ${i}`).join("\n");
    await write("many.txt", said(200, gold.length));
    await write("others.txt", said(200, 20));
    const many = ["--gold", "many.txt", "--synthetic", "others.txt"];
    const args = ["--metrics", "distinct,kl-cosine,memorization,ingf", "--subsamples", "8", "--json", "--seed", "3"];
    const [first, second] = [await mopbench(...many, ...args), await mopbench(...many, ...args)];
    expect(first.stdout).toBe(second.stdout);
    const results: Results = JSON.parse(first.stdout);
    const row = (id: string) => results.rows.find(({ metric }) => metric === id)!;
    for (const { value, ciLow, ciHigh } of [row("distinct"), row("kl-cosine")]) {
      expect(ciLow).toBeLessThan(value!);
      expect(ciHigh).toBeGreaterThan(value!);
    }
    expect(row("memorization")).toMatchObject({ value: 1, ciHigh: 1 });
    expect(row("memorization").ciLow).toBeCloseTo(1 - 3 / 200, 3);
    expect(row("duplicate-rate")).toMatchObject({ value: 0, ciLow: null });
    expect(row("duplicate-rate").reason).toBe("No interval: the values of the subsamples do not differ.");
    expect(row("ingf")).toMatchObject({ ciLow: null, ciHigh: null });
    expect(row("ingf").value).not.toBeNull();
    expect(row("ingf").reason).toMatch(/^No interval: a few repeated phrases/);
    const few = await rowsOf(...TEXTS, "--metrics", "distinct,memorization", "--subsamples", "8");
    expect(few.get("distinct")!.reason).toBe(
      "No interval: it takes 200 texts for their subsamples to show how the value varies.",
    );
    expect(few.get("memorization")!.ciHigh).not.toBeNull();
  });

  test("gold is computed once: what the cache holds for its content answers the next run", async () => {
    const args = [...TEXTS, "--metrics", "homogenization,ngram-vendi"];
    const first = await rowsOf(...args);
    const folder = path.join(cwd, "cache", "gold");
    const kept = await readdir(folder);
    for (const name of kept) {
      const file = path.join(folder, name);
      const held = await readSealed(file, z.looseObject({ numbers: z.record(z.string(), z.string()) }));
      if (held?.numbers["homogenization@1"] === undefined) continue;
      held.numbers["homogenization@1"] = Buffer.from(Float64Array.of(0.5).buffer).toString("base64");
      await writeSealed(file, JSON.stringify({ of: held.of, numbers: held.numbers }));
    }
    const second = await rowsOf(...args);
    expect(second.get("homogenization")).toEqual({ ...first.get("homogenization"), gold: 0.5 });
    expect(second.get("ngram-vendi")).toEqual(first.get("ngram-vendi"));
    for (const name of kept) await writeFile(path.join(folder, name), "not a cache");
    expect([...(await rowsOf(...args)).values()]).toEqual([...first.values()]);
    await rm(folder, { recursive: true });
    expect([...(await rowsOf(...args)).values()]).toEqual([...first.values()]);
  });
});

describe("how it reads tables", () => {
  test("semicolons are found and said, --delimiter names them, blank lines count and are counted", async () => {
    const texts = Array.from({ length: 20 }, (_, i) => `well, number ${i}`);
    await write("semi.csv", `id;review\r\n${texts.map((text, i) => `${i};${text}`).join("\r\n")}\r\n`);
    await write("lines.txt", `${texts.slice(0, 17).join("\n")}\n\n \n\n`);
    const args = ["--gold", "semi.csv", "--gold-text", "review", "--synthetic", "lines.txt", "--metrics", "distinct"];
    const found = await mopbench(...args);
    expect(found.stderr).toMatch(/semi\.csv: read with `;` between fields; `delimiter` names another/);
    expect(found.stderr).toMatch(/lines\.txt: 3 of 20 texts are blank; they count as texts here/);
    expect(found.exitCode).toBe(0);
    const told = await mopbench(...args, "--delimiter", ";");
    expect([told.exitCode, told.stderr]).toEqual([0, expect.not.stringContaining("semi.csv")]);
    expect((await mopbench(...args, "--delimiter", "|")).stderr).toMatch(/no column `review`/);
    expect((await mopbench(...args, "--delimiter", ";;")).stderr).toMatch(/`;;` is no delimiter/);
  });
});

describe("what it refuses, in one message and with exit code 2", () => {
  beforeAll(async () => {
    const special = (value: number) => Float32Array.from({ length: 150 }, (_, i) => (i < 10 ? value : i));
    const f16 = Buffer.from(encodeNpy(matrix(new Float32Array(15), 3, 5)));
    f16.write("<f2", f16.indexOf("<f4"), "latin1");
    await Promise.all([
      write("nan.npy", encodeNpy(matrix(special(Number.NaN), 30, 5))),
      write("infinite.npy", encodeNpy(matrix(special(Number.POSITIVE_INFINITY), 30, 5))),
      write("zero.npy", encodeNpy(matrix(special(0), 30, 5))),
      write("f16.npy", f16),
      write("cut.npy", randomNpy(30, 5, 1).subarray(0, 300)),
      write("text.npy", "this is no .npy file"),
      write("one.jsonl", jsonl(["alone"])),
      write("empty.jsonl", ""),
      write("number.jsonl", jsonl(["a", 3])),
      write("latin.txt", Buffer.from("ok\ncaf\xe9\n", "latin1")),
    ]);
  });

  const npy = (file: string) => ["--gold", "gold.npy", "--synthetic", file];
  const texts = (file: string, ...more: string[]) => ["--gold", "gold.jsonl", "--synthetic", file, ...more];

  test.each<[string, string[], RegExp]>([
    ["a missing flag", ["--gold", "gold.jsonl"], /required option '--synthetic <file>'/],
    ["an unknown metric", [...TEXTS, "--metrics", "distinkt"], /Unknown metric `distinkt`\. Did you mean `distinct`/],
    ["an unknown encoder", [...TEXTS, "--encoder", "embeded:lsa"], /Did you mean `embedded`/],
    ["a missing file", texts("none.jsonl"), /There is no file .*none\.jsonl/],
    ["an empty file", texts("empty.jsonl"), /empty\.jsonl holds no rows/],
    [
      "an unknown column",
      texts("syn.csv", "--text", "revew", "--gold-text", "text"),
      /`revew`\. Did you mean `review`/,
    ],
    ["a number where a text is needed", texts("number.jsonl"), /number\.jsonl:2: column `text` holds a number/],
    ["bytes that are not UTF-8", texts("latin.txt"), /latin\.txt:2: not UTF-8/],
    ["one text", texts("one.jsonl"), /one\.jsonl holds one text/],
    ["unequal sizes", texts("long.jsonl"), /has 60 texts, gold\.jsonl has 30.*--samples 30.*--allow-unequal/],
    ["too few rows", texts("syn.jsonl", "--samples", "50"), /--samples 50: gold\.jsonl has only 30 texts/],
    ["NaN", npy("nan.npy"), /nan\.npy: 2 of 30 rows hold NaN or infinities/],
    ["infinities", npy("infinite.npy"), /infinite\.npy: 2 of 30 rows hold NaN or infinities/],
    ["rows of zeros", npy("zero.npy"), /zero\.npy: 2 of 30 rows are all zeros/],
    ["float16", npy("f16.npy"), /f16\.npy: float16/],
    ["a file cut off", npy("cut.npy"), /cut\.npy: .*cut off/],
    ["what is no .npy", npy("text.npy"), /text\.npy: not a \.npy file/],
    ["different widths", npy("wide.npy"), /synthetic embeddings are 6 numbers wide, the gold ones 5/],
    ["embeddings of one side", texts("syn.npy"), /embeddings of the synthetic side only/],
    [
      "an encoder without texts",
      [...npy("syn.npy"), "--encoder", "embedded:lsa"],
      /--encoder needs texts on both sides/,
    ],
    [
      "embeddings of another number than texts",
      texts("syn.jsonl", "--synthetic-embeddings", "short.npy"),
      /syn\.jsonl has 30 rows, short\.npy has 20/,
    ],
    ["embeddings twice", [...npy("syn.npy"), "--synthetic-embeddings", "syn.npy"], /holds embeddings already/],
    ["embeddings in another format", texts("syn.jsonl", "--gold-embeddings", "gold.csv"), /are read from \.npy/],
    ["endless subsamples", [...TEXTS, "--subsamples", "999999999"], /whole number of at least 0 and at most 10000\./],
    ["no metric", [...TEXTS, "--metrics", ""], /--metrics names none/],
    ["a comma for metrics", [...TEXTS, "--metrics", " , "], /--metrics names none/],
    ["no delimiter", [...TEXTS, "--delimiter", ""], /`` is no delimiter/],
    ["a delimiter of two", texts("syn.csv", "--text", "review", "--delimiter", "ab"), /`ab` is no delimiter/],
    [
      "a delimiter for no CSV",
      texts("syn.txt", "--delimiter", ";"),
      /--delimiter is for CSV files, and syn\.txt, gold/,
    ],
    ["a column of lines", texts("syn.txt", "--text", "a", "--gold-text", "text"), /--text is .*, and syn\.txt is none/],
    ["a column of embeddings", [...npy("syn.npy"), "--text", "a"], /--text is .*, and syn\.npy, gold\.npy are none/],
    [
      "gold's column of lines",
      ["--gold", "syn.txt", "--synthetic", "syn.jsonl", "--gold-text", "a"],
      /--gold-text is for files with columns, and syn\.txt is none; leave it out/,
    ],
    [
      "exemplars of embeddings",
      [...npy("syn.npy"), "--exemplars", "syn.txt"],
      /--exemplars is for texts, and syn\.npy/,
    ],
    ["half a sample", [...TEXTS, "--samples", "1"], /whole number of at least 2/],
  ])("%s", async (_, args, message) => {
    const { exitCode, stdout, stderr } = await mopbench(...args, "--quiet");
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(exitCode).toBe(2);
    expect(stdout).toBe("");
  });
});

describe("what it takes with a documented value", () => {
  test("unequal sizes when asked for, and says so", async () => {
    const args = ["--gold", "gold.jsonl", "--synthetic", "long.jsonl", "--metrics", "distinct", "--quiet"];
    const { exitCode, stderr, stdout } = await mopbench(...args, "--allow-unequal", "--json");
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^warning: long\.jsonl has 60 texts, gold\.jsonl has 30: set metrics are biased by size/);
    const results: Results = JSON.parse(stdout);
    expect(results.rows[0]).toMatchObject({ n: 60, nGold: 30 });
    expect(
      (await rowsOf("--gold", "gold.jsonl", "--synthetic", "long.jsonl", "--samples", "20")).get("distinct")!.n,
    ).toBe(20);
  });

  test.each([
    ["all texts equal", Array.from({ length: 30 }, () => "the same words")],
    ["empty strings", Array.from({ length: 30 }, (_, i) => (i % 3 === 0 ? "" : rest[i]!))],
    ["fewer texts than PRDC's neighbors", rest.slice(0, 4)],
  ])("%s: a value or null with a reason, never NaN", async (name, texts) => {
    const [mine, theirs] = [`${name}.jsonl`, `${name} gold.jsonl`];
    await write(mine, jsonl(texts));
    await write(theirs, jsonl(half.slice(0, texts.length)));
    const rows = await rowsOf("--gold", theirs, "--synthetic", mine, "--metrics", "all", "--quiet");
    for (const row of rows.values()) {
      if (row.value === null) expect(row.reason, row.metric).toMatch(/\.$/);
      else expect(Number.isFinite(row.value), row.metric).toBe(true);
    }
    expect(rows.get("distinct")!.value).not.toBeNull();
  });
});
