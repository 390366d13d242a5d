import { appendFile, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { testFolder } from "../testing/test-folder.ts";
import { type SealedLine, sealedLines, sealLine } from "./sealed-lines.ts";

const values = [
  { key: "ä", text: 'a "}\u2028' },
  { key: "b", text: null },
  { key: "c", text: "\ud800" },
];

async function written() {
  const file = path.join(testFolder(), "lines.jsonl");
  await writeFile(file, values.map((value) => sealLine("mine", JSON.stringify(value))).join(""));
  return file;
}

/** What was found in a file: the JSON of its sound lines, how many are damaged, and the file without these. */
async function readSealedLines(file: string, owner: string) {
  const all: SealedLine[] = [];
  for await (const line of sealedLines(file, owner)) all.push(line);
  const sound = all.filter(({ json }) => json !== null);
  return {
    lines: sound.map(({ json }) => json ?? ""),
    damaged: all.length - sound.length,
    sound: Buffer.concat(sound.map(({ bytes }) => bytes)),
  };
}

it("gives back what was written, each line JSON for every reader", async () => {
  const file = await written();
  const found = await readSealedLines(file, "mine");
  expect(found.lines.map((line) => JSON.parse(line))).toEqual(values);
  expect([found.damaged, found.sound]).toEqual([0, await readFile(file)]);
  const [first = ""] = (await readFile(file, "utf8")).split("\n");
  expect(JSON.parse(first)).toEqual({ ...values[0], checksum: expect.stringMatching(/^[0-9a-f]{32}$/) });
  expect((await readSealedLines(`${file}.none`, "mine")).lines).toEqual([]);
});

it("believes no line with a flipped bit, and keeps the others", async () => {
  const file = await written();
  const bytes = await readFile(file);
  for (let at = 0; at < bytes.length; at++) {
    await writeFile(file, bytes.with(at, bytes[at]! ^ 4));
    const found = await readSealedLines(file, "mine");
    const kept = found.lines.map((line) => JSON.parse(line));
    expect(kept.length).toBeGreaterThanOrEqual(1); // a newline that is gone takes two lines with it
    for (const value of kept) expect(values).toContainEqual(value);
    expect(found.sound.length).toBeLessThan(bytes.length);
  }
});

it("drops a torn last line without a word, and counts lines of another owner", async () => {
  const file = await written();
  const whole = await readFile(file);
  await appendFile(file, '{"key": "to');
  expect(await readSealedLines(file, "mine")).toMatchObject({ damaged: 0, sound: whole });
  await writeFile(file, `${whole}${sealLine("other", '{"key":"d"}')}${whole}`);
  const found = await readSealedLines(file, "mine");
  expect([found.damaged, found.lines.length]).toEqual([1, 6]);
  expect(found.sound).toEqual(Buffer.concat([whole, whole]));
});
