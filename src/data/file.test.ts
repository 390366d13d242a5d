import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { ZodError } from "zod";
import { InputError } from "../core/errors.ts";
import { testFolder } from "../testing/test-folder.ts";
import type { Dataset } from "./dataset.ts";
import { fileDataset } from "./file.ts";
import { PART_NAMES } from "./parts.ts";

const folder = testFolder();

const write = (name: string, content: string | Uint8Array) => writeFile(path.join(folder, name), content);

function load(options: Record<string, unknown>, baseDir = folder): Promise<Dataset> {
  const bound = fileDataset.bind(options);
  return bound.create({ id: bound.defaultId, env: {}, baseDir, offline: true, cacheDir: folder });
}

async function failure(options: Record<string, unknown>): Promise<string> {
  const error: unknown = await load(options).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof InputError)) throw new Error(`expected an InputError, got ${error}`);
  return error.message;
}

const all = (dataset: Dataset) => PART_NAMES.flatMap((name) => dataset.parts[name]);
const rows = Array.from({ length: 20 }, (_, i) => ({
  review: `review ${i}`,
  topic: i % 2 ? "tea" : "soup",
  stars: i % 5,
  when: `day ${i}`,
}));
const csv = `review,topic,stars,when\n${rows.map((r) => `${r.review},${r.topic},${r.stars},${r.when}`).join("\n")}\n`;

describe("a user's own file", () => {
  it("loads CSV, TSV, JSONL, JSON and Parquet to the same records", async () => {
    await write("r.csv", csv);
    await write("r.tsv", csv.replaceAll(",", "\t"));
    await write("r.jsonl", rows.map((r) => JSON.stringify(r)).join("\n"));
    await write("r.json", JSON.stringify(rows));
    const columnData = [
      { name: "review", data: rows.map((r) => r.review), type: "STRING" as const },
      { name: "topic", data: rows.map((r) => r.topic), type: "STRING" as const },
      { name: "stars", data: rows.map((r) => r.stars), type: "INT32" as const },
    ];
    await write("r.parquet", new Uint8Array(parquetWriteBuffer({ columnData })));
    const expected = rows.map((r, i) => ({
      id: String(i + 1),
      context: { text: r.topic, label: String(r.stars) },
      text: r.review,
    }));
    for (const file of ["r.csv", "r.tsv", "r.jsonl", "r.json", "r.parquet"]) {
      const dataset = await load({ path: file, text: "review", context: "topic", label: "stars" });
      expect(all(dataset).sort((a, b) => Number(a.id) - Number(b.id))).toEqual(expected);
      expect(dataset.id).toBe("r");
    }
  });

  it("reads CSV with semicolons, says so, and takes a delimiter that is named", async () => {
    await write("semi.csv", csv.replaceAll(",", ";"));
    const dataset = await load({ path: "semi.csv", text: "review", context: "topic", label: "stars" });
    expect(all(dataset)).toHaveLength(20);
    expect(dataset.notes).toEqual([
      `${path.join(folder, "semi.csv")}: read with \`;\` between fields; \`delimiter\` names another.`,
    ]);
    const told = await load({ path: "semi.csv", text: "review", delimiter: ";" });
    expect([all(told).length, told.notes]).toEqual([20, []]);
    expect(await failure({ path: "semi.csv", text: "review", delimiter: "tab" })).toMatch(/no column `review`/);
    expect(() => fileDataset.bind({ path: "a.csv", delimiter: ";;" })).toThrow(ZodError);
  });

  it("reads plain lines, as an extension or as told", async () => {
    await write("words.txt", "one\ntwo\nthree\nfour\nfive\n");
    await write("words.log", "one\ntwo\nthree\nfour\nfive\n");
    const texts = all(await load({ path: "words.txt" })).map((r) => r.text);
    expect(texts.sort()).toEqual(["five", "four", "one", "three", "two"]);
    expect(all(await load({ path: "words.log", format: "lines" }))).toHaveLength(5);
  });

  it("joins several context columns and names labels", async () => {
    await write("r.csv", csv);
    const labels = { 0: "zero", 1: "one", 2: "two", 3: "three", 4: "four" };
    const dataset = await load({ path: "r.csv", text: "review", context: ["topic", "when"], label: "stars", labels });
    expect(all(dataset).find((r) => r.id === "8")?.context).toEqual({ text: "tea, day 7", label: "two" });
  });

  it("keeps the same parts at each load and others with another splitSeed", async () => {
    await write("r.csv", csv);
    const parts = async (splitSeed: number) => (await load({ path: "r.csv", text: "review", splitSeed })).locator.parts;
    expect(await parts(0)).toEqual(await parts(0));
    expect(await parts(1)).not.toEqual(await parts(0));
  });

  it("makes gold and reserve the halves of a gold file, and drops from train what it repeats", async () => {
    await write("r.csv", csv);
    await write("gold.csv", "review,topic\nfresh 1,a\nfresh 2,a\nfresh 3,a\nreview 4,a\n");
    const dataset = await load({ path: "r.csv", text: "review", gold: "gold.csv" });
    expect([dataset.parts.gold.length, dataset.parts.reserve.length]).toEqual([2, 2]);
    expect([...dataset.parts.gold, ...dataset.parts.reserve].every((r) => r.id.startsWith("gold-"))).toBe(true);
    expect(dataset.parts.train.length + dataset.parts.background.length).toBe(19);
    expect(dataset.notes).toEqual([
      "r.csv and gold.csv: 2 rows are near-copies of one another, in 1 groups; each group stays in one part.",
      "r.csv: 1 rows left out: gold.csv holds a near-copy of their text.",
    ]);
    expect(dataset.nearCopies).toEqual({ groups: 1, records: 2, leftOut: 1 });
  });

  it("leaves out rows without text and says how many", async () => {
    const blank = [{ review: null }, { review: "  " }, ...rows.map(({ review }) => ({ review }))];
    await write("blank.jsonl", blank.map((r) => JSON.stringify(r)).join("\n"));
    const dataset = await load({ path: "blank.jsonl", text: "review" });
    expect(all(dataset)).toHaveLength(20);
    expect(dataset.notes?.[0]).toMatch(
      /2 of 22 rows have no text and are left out \(first: .*blank\.jsonl:1\); `mopbench score`/,
    );
  });

  it("never reads a text as a path, a template or code", async () => {
    const nasty = ["../../etc/passwd", "{{constructor.constructor 'return process'}}", "$HOME", "__proto__", "=1+1"];
    await write("nasty.jsonl", nasty.map((text) => JSON.stringify({ text, label: "__proto__" })).join("\n"));
    const dataset = await load({ path: "nasty.jsonl", label: "label" });
    expect(
      all(dataset)
        .map((r) => r.text)
        .sort(),
    ).toEqual([...nasty].sort());
    expect(await failure({ path: "nasty.jsonl", label: "label", labels: { a: "b" } })).toMatch(/label `__proto__`/);
  });
});

describe("a file that is wrong", () => {
  it("names a missing file and a misspelt column", async () => {
    await write("r.csv", csv);
    expect(await failure({ path: "nowhere.csv" })).toMatch(/nowhere\.csv/);
    expect(await failure({ path: "r.csv", text: "reveiw" })).toMatch(/r\.csv:1.*no column `reveiw`.*`review`/);
    expect(await failure({ path: "r.csv", text: "review", context: ["topic", "tpic"] })).toMatch(/`tpic`.*`topic`/);
    expect(await failure({ path: "r.csv", text: "review", gold: "no.csv" })).toMatch(/no\.csv/);
  });

  it("refuses an empty file and one without a single text", async () => {
    await write("empty.csv", "");
    await write("header.csv", "text\n");
    await write("blank.csv", 'text,n\n"",1\n" ",2\n');
    expect(await failure({ path: "empty.csv" })).toMatch(/empty\.csv/);
    expect(await failure({ path: "header.csv" })).toMatch(/header\.csv/);
    expect(await failure({ path: "blank.csv" })).toMatch(/none of its 2 rows has a text in column `text`/);
  });

  it("names both places of an id used twice", async () => {
    await write("twice.csv", "id,text\na,one\nb,two\nc,three\na,four\nd,five\ne,six\n");
    expect(await failure({ path: "twice.csv", id: "id" })).toMatch(/twice\.csv:5: the id `a` .* at .*twice\.csv:2/);
    await write("noid.csv", "id,text\na,one\n,two\n");
    expect(await failure({ path: "noid.csv", id: "id" })).toMatch(/noid\.csv:3: the column `id` is empty/);
  });

  it("refuses bytes that are not UTF-8 and values that are no text", async () => {
    await write("latin.csv", Buffer.from("text\ncaf\xe9\nb\nc\nd\ne\n", "latin1"));
    expect(await failure({ path: "latin.csv" })).toMatch(/latin\.csv.*UTF-8/);
    await write("list.jsonl", '{"text": ["a"]}\n');
    expect(await failure({ path: "list.jsonl" })).toMatch(/list\.jsonl:1: column `text` holds a list/);
  });

  it("refuses a 50 MB line", async () => {
    await write("long.jsonl", `{"text": "${"x".repeat(50_000_000)}"}\n`);
    expect(await failure({ path: "long.jsonl" })).toMatch(/long\.jsonl:1/);
  });

  it("refuses unknown options", () => {
    expect(() => fileDataset.bind({ path: "a.csv", texts: "review" })).toThrow(ZodError);
    expect(() => fileDataset.bind({ text: "review" })).toThrow(ZodError);
  });
});

const shared = path.resolve(import.meta.dirname, "../../../shared/data");
describe.skipIf(!existsSync(shared))("real files (needs ../shared/data)", () => {
  it("loads AG News with its test file", async () => {
    const dataset = await load(
      { path: "gold_agnews_train.jsonl", gold: "gold_agnews_test.jsonl", label: "label_name" },
      shared,
    );
    expect(all(dataset).length).toBeGreaterThan(6900);
    expect(Math.abs(dataset.parts.gold.length - dataset.parts.reserve.length)).toBeLessThan(5);
    expect(new Set(all(dataset).map((r) => r.context.label))).toEqual(
      new Set(["World", "Sports", "Business", "Sci/Tech"]),
    );
    expect(dataset.pool(1000)).toHaveLength(1000);
  });

  it("loads IMDB with the film as context", async () => {
    const dataset = await load({ path: "gold_imdb_train.jsonl", context: "x", label: "label_name" }, shared);
    expect(all(dataset).every((r) => r.context.text !== "" && r.context.label !== null)).toBe(true);
  });
});
