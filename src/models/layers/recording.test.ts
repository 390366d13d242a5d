import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { InputError } from "../../core/errors.ts";
import { NO_FILES, putInPlace } from "../../testing/in-its-place.ts";
import { testFolder } from "../../testing/test-folder.ts";
import { testRecording } from "../../testing/test-recording.ts";
import { Recording } from "./recording.ts";

const folder = testFolder();
const texts = ["first", "\ud800", "\n", 'a,"checksum":"', ""];

/** A recording of an answer for each text, and of what a model's scores are. */
async function recorded(name: string, answers: readonly string[] = texts): Promise<string> {
  const file = path.join(folder, name);
  const recording = await testRecording(file);
  await recording.settleScoring("m", { begin: null, end: "</s>", asItAnswers: true });
  for (const [i, text] of answers.entries()) await recording.add(`key ${i}`, { at: i, text });
  return file;
}

const answerOf = (recording: Recording, i: number) => recording.answer(`key ${i}`, ({ text }) => text);

/** The file's lines after a change. */
function change(file: string, how: (lines: readonly string[]) => readonly string[]): string {
  const changed = `${file}.changed`;
  writeFileSync(changed, how(readFileSync(file, "latin1").split(/(?<=\n)/)).join(""), "latin1");
  return changed;
}

describe("a recording", () => {
  it("gives back what was recorded, byte for byte", async () => {
    const recording = await Recording.replay(await recorded("whole"));
    for (const [i, text] of texts.entries()) expect(answerOf(recording, i)).toBe(text);
    expect(await recording.settleScoring("m", null)).toMatchObject({ end: "</s>" });
  });

  it.each<readonly [string, number, (lines: readonly string[]) => readonly string[]]>([
    ["a changed text", 2, (lines) => lines.with(1, lines[1]!.replace("first", "fjrst"))],
    ["a changed checksum", 2, (lines) => lines.with(1, lines[1]!.replace(/.(?="}\n$)/, "g"))],
    ["a lost line", 3, (lines) => lines.toSpliced(2, 1)],
    ["a doubled line", 4, (lines) => lines.toSpliced(2, 0, lines[2]!)],
    ["a moved line", 2, (lines) => [...lines.toSpliced(1, 1), lines[1]!]],
    ["an empty line", 3, (lines) => lines.toSpliced(2, 0, "\n")],
    ["a line of an earlier version", 1, () => ['{"key":"k","kept":{"at":1}}\n']],
    ["ends of lines of another system", 1, (lines) => lines.map((line) => line.replace("\n", "\r\n"))],
    ["a line cut short", 4, (lines) => lines.with(3, lines[3]!.replace(/"}\n$/, "\n"))],
    ["zeros at its end", 7, (lines) => [...lines, "\0\0\0\0\n"]],
    ["{}", 1, () => ["{}\n"]],
  ])("with %s is refused with the line's number, replayed and resumed", async (name, line, how) => {
    const file = change(await recorded(name.replaceAll(/\W/g, "-")), how);
    for (const open of [() => Recording.replay(file), () => testRecording(file, true)]) {
      await expect(open()).rejects.toThrow(InputError);
      await expect(open()).rejects.toThrow(`${file}, line ${line}: not as it was recorded`);
    }
  });

  it.each(Object.keys(NO_FILES))("is none where %s is", async (what) => {
    const file = path.join(folder, what);
    await putInPlace(what, file);
    for (const open of [() => Recording.replay(file), () => testRecording(file, true)]) {
      await expect(open()).rejects.toThrow(InputError);
      await expect(open()).rejects.toThrow(/is a (folder|pipe or a device); a file is needed/);
    }
    await expect(testRecording(file)).rejects.toThrow(
      `--record ${file}: a folder, a link, a pipe or a device has that name. Name a new file.`,
    );
  });

  it("is made in a new file only", async () => {
    const file = await recorded("known");
    await expect(testRecording(file)).rejects.toThrow(`--record ${file}: there is such a file already. Name a new`);
    const nowhere = testRecording(path.join(folder, "none", "a"));
    await expect(nowhere).rejects.toThrow(/the file cannot be made \(no such file or folder\)\. Name a new file\.$/);
  });

  it("believes no line of another recording", async () => {
    const other = await recorded("other", ["another", ...texts.slice(1)]);
    const line = readFileSync(other, "latin1").split(/(?<=\n)/)[4]!;
    const file = change(await recorded("one"), (lines) => lines.with(4, line));
    await expect(Recording.replay(file)).rejects.toThrow(/line 5: not as it was recorded/);
  });

  it("that was cut off is refused when replayed, and gone on with when resumed, its torn line dropped", async () => {
    const whole = await recorded("cut");
    const { length } = readFileSync(whole);
    for (const missing of [1, 2, 60, 100]) {
      const file = `${whole}.${missing}`;
      writeFileSync(file, readFileSync(whole).subarray(0, length - missing));
      await expect(Recording.replay(file)).rejects.toThrow(/line \d: the line is cut off. Go on with its run/);
      const resumed = await testRecording(file, true);
      await resumed.add("key 4", { at: 4, text: "again" });
      await resumed.add("key 5", { at: 5, text: "more" });
      const replayed = await Recording.replay(file);
      expect([3, 4, 5].map((i) => answerOf(replayed, i))).toEqual([texts[3], "again", "more"]);
    }
  });
});
