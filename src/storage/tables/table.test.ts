import { open, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { InputError } from "../../core/errors.ts";
import { testFolder } from "../../testing/test-folder.ts";
import { type ReadOptions, readRows, readTable, type TableFormat } from "./table.ts";

const folder = testFolder();

async function rows(name: string, content: string | Uint8Array, options: ReadOptions & { format?: TableFormat } = {}) {
  const file = path.join(folder, name);
  await writeFile(file, content);
  const found: Record<string, unknown>[] = [];
  for await (const row of readTable(file, options)) found.push(row);
  return found;
}

async function refusal(name: string, content: string | Uint8Array, options: ReadOptions = {}): Promise<string> {
  const error: unknown = await rows(name, content, options).then(
    () => "nothing was thrown",
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  return error instanceof InputError ? error.message.replace(folder + path.sep, "") : "";
}

test("reads every format to the same rows", async () => {
  const expected = [
    { id: "1", text: 'a "quoted", word' },
    { id: "2", text: "two\nlines" },
  ];
  expect(await rows("a.jsonl", `\ufeff${expected.map((r) => JSON.stringify(r)).join("\r\n")}\n\n`)).toEqual(expected);
  expect(await rows("a.json", JSON.stringify(expected))).toEqual(expected);
  expect(await rows("a.csv", 'id,text\r\n1,"a ""quoted"", word"\r\n\r\n2,"two\nlines"')).toEqual(expected);
  expect(await rows("a.tsv", 'id\ttext\n1\t"a ""quoted"", word"\n2\t"two\nlines"\n')).toEqual(expected);
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const buffer = parquetWriteBuffer({
    columnData: ["id", "text"].map((name) => ({ name, data: expected.map((r) => (name === "id" ? r.id : r.text)) })),
    rowGroupSize: 1,
  });
  expect(await rows("a.parquet", new Uint8Array(buffer))).toEqual(expected);
  expect(await rows("a.parquet", new Uint8Array(buffer), { columns: ["text"] })).toEqual(
    expected.map(({ text }) => ({ text })),
  );
});

describe("a CSV file as Excel writes it elsewhere", () => {
  const fields = [
    ["text", "topic", "stars"],
    ["Good, but dear; twice.", "tea; coffee", "4"],
    ["so | so\twell", "a, b, c", "2,5"],
    ['he said "yes"; then "no"', "x", "1"],
  ];
  const expected = fields.slice(1).map(([text, topic, stars]) => ({ text, topic, stars }));
  const written = (delimiter: string) =>
    fields
      .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(delimiter))
      .map((row, i) => (i === 0 ? row.replaceAll('"', "") : row))
      .join("\r\n");

  test.each([
    [",", null],
    [";", "`;`"],
    ["\t", "a tab"],
    ["|", "`|`"],
  ])("is read by what stands between its fields: %j", async (delimiter, said) => {
    for (const columns of [["text"], ["stars", "text"], []]) {
      const notes: string[] = [];
      const onNote = (note: string) => notes.push(note.replace(folder + path.sep, ""));
      expect(await rows("found.csv", `\ufeff${written(delimiter)}`, { columns, onNote })).toEqual(
        expected.map((row) =>
          columns.length === 0 ? row : Object.fromEntries(columns.map((name) => [name, Reflect.get(row, name)])),
        ),
      );
      expect(notes).toEqual(
        said === null ? [] : [`found.csv: read with ${said} between fields; \`delimiter\` names another.`],
      );
    }
  });

  test("is not led astray by what the texts hold, unquoted as well", async () => {
    const german = "text;stars\nGut, billig, nah;3,5\nTeuer, aber gut, sehr gut;4,5\nNa ja, nun, gut;1,5\n";
    expect((await rows("de.csv", german)).map((row) => row.stars)).toEqual(["3,5", "4,5", "1,5"]);
    expect(await rows("even.csv", "text,note\na; b,c\nd; e,f\n")).toHaveLength(2);
    expect(Object.keys((await rows("even.csv", "a;b,c\n1;2,3\n", { columns: ["b,c"] }))[0]!)).toEqual(["b,c"]);
    expect(await rows("one.csv", 'text\n"a; b"\n"c; d"\n')).toEqual([{ text: "a; b" }, { text: "c; d" }]);
    expect(await refusal("ragged.csv", "text,stars\na,1\nb,1,2\nc; d,3\n")).toMatch(/^ragged\.csv:3: 3 fields/);
  });

  test("may name it in its first line, and an option names it for good", async () => {
    expect(await rows("sep.csv", "sep=;\r\ntext;stars\r\na, b;1\r\n")).toEqual([{ text: "a, b", stars: "1" }]);
    expect(await rows("told.csv", "text;stars,n\na;1,2\n", { delimiter: "," })).toEqual([
      { "text;stars": "a;1", n: "2" },
    ]);
    expect(await refusal("told.jsonl", '{"a":1}', { delimiter: ";" })).toMatch(/`delimiter` is for CSV files/);
  });
});

describe("a CSV file as other programs write it", () => {
  test("may have columns without a name, which nobody asks for", async () => {
    expect(await rows("unnamed.csv", "review,,\nfine,,\nwell,x,y\n")).toEqual([{ review: "fine" }, { review: "well" }]);
    expect(await rows("index.csv", ",id,review\n0,a,fine\n", { columns: ["review"] })).toEqual([{ review: "fine" }]);
    expect(await refusal("unnamed.csv", "review,,\nfine,,\n", { columns: [""] })).toMatch(/no column ``/);
  });

  test("may have spaces around the names of its columns", async () => {
    for (const columns of [["review"], []])
      expect((await rows("spaces.csv", "id, review \n1, fine\n", { columns }))[0]).toMatchObject({ review: " fine" });
    expect(await rows("spaces.csv", "id; a,review\n1;fine,x\n", { columns: ["a,review"] })).toEqual([
      { "a,review": "fine,x" },
    ]);
    expect(await refusal("same.csv", "id, id\n1,2\n")).toMatch(/^same\.csv:1: the column `id` is named twice/);
  });

  test.each([
    ["never closed", 'id,review\n1,"say \\"hi, you"\n2,b\n'],
    ["other fields", 'id,review\n1,"say \\", you, \\"hi"\n'],
    ["malformed", 'id,review\n1,"say \\"hi\\" to me"\n'],
  ])("with a backslash before quotes is told how a quote is written: %s", async (_, content) => {
    expect(await refusal("escaped.csv", content)).toMatch(
      / Write a quote within a quoted field twice \(`""`\), not as `\\"`\.$/,
    );
  });
});

test("lines may end in CR alone, and the file says where both kinds are", async () => {
  expect(await rows("mac.csv", "id,review\r1,fine\r\r2,well")).toEqual([
    { id: "1", review: "fine" },
    { id: "2", review: "well" },
  ]);
  expect(await rows("mac.txt", "one\r\rthree\r")).toEqual([{ text: "one" }, { text: "" }, { text: "three" }]);
  expect(await rows("mac.jsonl", '{"a":1}\r{"a":2}\r')).toEqual([{ a: 1 }, { a: 2 }]);
  expect(await rows("within.txt", "one\rand\ntwo\r\n")).toEqual([{ text: "one\rand" }, { text: "two" }]);
  expect(await refusal("both.txt", `${"one\r".repeat(1 << 17)}two\n`)).toMatch(/^both\.txt: its first lines end in CR/);
});

test("numbers keep their digits", async () => {
  const expected = [{ id: "1234567890123456801" }, { id: "1234567890123456802" }];
  const json = expected.map(({ id }) => `{"id": ${id}}`);
  expect(await rows("ids.jsonl", json.join("\n"))).toEqual(expected);
  expect(await rows("ids.json", `[${json.join()}]`)).toEqual(expected);
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const data = expected.map(({ id }) => BigInt(id));
  expect(
    await rows(
      "ids.parquet",
      new Uint8Array(parquetWriteBuffer({ columnData: [{ name: "id", data, type: "INT64" }] })),
    ),
  ).toEqual(expected);
});

test("plain lines keep their places, empty ones too", async () => {
  expect(await rows("a.txt", "one\n\nthree\r\n")).toEqual([{ text: "one" }, { text: "" }, { text: "three" }]);
  expect(await rows("odd.csv", "a,b", { format: "lines" })).toEqual([{ text: "a,b" }]);
});

test("quotes within quotes do not close a field, at the end of a line neither", async () => {
  const texts = ['say "hi"\nand "bye", both', '"', 'a,"b"\n', ""];
  const quoted = texts.map((text, i) => `${i},"${text.replaceAll('"', '""')}"`).join("\n");
  expect((await rows("quotes.csv", `id,text\n${quoted}`)).map(({ text }) => text)).toEqual(texts);
});

test("rows say where they stand", async () => {
  const file = path.join(folder, "where.csv");
  await writeFile(file, 'text\n"a\nb"\nc\n');
  const where: string[] = [];
  for await (const row of readRows(file)) where.push(row.where);
  expect(where).toEqual([`${file}:2`, `${file}:4`]);
});

test("a CSV longer than one batch keeps order and fields that start with no quote keep theirs", async () => {
  const lines = Array.from({ length: 1000 }, (_, i) => `${i},5" pipe ${i}`);
  const found = await rows("long.csv", `id,text\n${lines.join("\n")}\n`);
  expect(found).toHaveLength(1000);
  expect(found[999]).toEqual({ id: "999", text: '5" pipe 999' });
});

test.each<[string, string, string | Uint8Array, RegExp]>([
  ["a misspelt column", "b.csv", "text,label\nx,1\n", /^b\.csv:1: no column `txet`\. Did you mean `text`\?/],
  ["a column missing from one row", "b.jsonl", '{"txet":"x"}\n{"text":"x"}\n', /^b\.jsonl:2: no column `txet`/],
])("refuses %s", async (_, name, content, message) => {
  expect(await refusal(name, content, { columns: ["txet"] })).toMatch(message);
});

test.each<[string, string, string | Uint8Array, RegExp]>([
  ["an empty file", "e.jsonl", "", /e\.jsonl holds no rows/],
  ["a header alone", "e.csv", "text\n", /e\.csv holds no rows/],
  ["an empty list", "e.json", "[]", /e\.json holds no rows/],
  ["bytes that are not UTF-8", "u.txt", Buffer.from("ok\ncaf\xe9\n", "latin1"), /^u\.txt:2: not UTF-8/],
  ["bytes that are not UTF-8 in JSON", "u.json", Buffer.from('[\n{"a":"\xe9"}]', "latin1"), /^u\.json:2: not UTF-8/],
  ["broken JSON in a line", "s.jsonl", '{"a":1}\n{"a":\n', /^s\.jsonl:2: not JSON/],
  ["broken JSON", "s.json", '[{"a":1},\n{"a" 1}]', /^s\.json:2: not JSON/],
  ["a list in a line", "o.jsonl", "[1]\n", /^o\.jsonl:1: expected an object with columns, found a list/],
  ["a text in a list", "o.json", '["x"]', /^o\.json, row 1: expected an object with columns, found a string/],
  ["an object as a table", "p.json", '{"a":1}', /^p\.json: expected a list of objects, found an object/],
  ["a row with a field too many", "f.csv", "a,b\n1,2\n1,2,3\n", /^f\.csv:3: 3 fields; the header has 2/],
  ["a quote never closed", "q.csv", 'a,b\n1,"2\n3,4\n', /^q\.csv:2: the quote opened on this line is never closed/],
  ["a column named twice", "t.csv", "a,a\n1,2\n", /^t\.csv:1: the column `a` is named twice/],
  ["another extension", "x.docx", "x", /x\.docx: Unknown table format `\.docx`/],
  ["what is no Parquet", "x.parquet", "not parquet at all", /x\.parquet: not a sound Parquet file/],
])("refuses %s", async (_, name, content, message) => {
  expect(await refusal(name, content)).toMatch(message);
});

test("names a missing file and a folder", async () => {
  for (const name of ["none.csv", "none.parquet", "none.json"]) {
    const read = readTable(path.join(folder, name)).next();
    await expect(read).rejects.toThrow(/There is no file .*none/);
  }
  await expect(readTable(folder, { format: "jsonl" }).next()).rejects.toThrow(/is a folder/);
});

test("refuses a line at 16 MB, however long it is", async () => {
  const file = path.join(folder, "huge.jsonl");
  const handle = await open(file, "w");
  await handle.truncate(64e9); // a hole on disk: more than memory holds
  await handle.close();
  await expect(readTable(file).next()).rejects.toThrow(/huge\.jsonl:1: this line is longer than 16 MB/);
});
