import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { sha256 } from "../../core/hash.ts";
import type { KeptCall, Sample } from "../../core/sample.ts";
import { Appender } from "../../storage/appender.ts";
import { disk } from "../../storage/disk.ts";
import { PART_BYTES } from "../../storage/parts.ts";
import { sealLine } from "../../storage/sealed-lines.ts";
import { testFolder } from "../../testing/test-folder.ts";
import { Journal } from "./journal.ts";
import { RunFiles } from "./run-files.ts";
import { isFullOf, readCalls, readSamples, writeSamples } from "./samples.ts";

/** What is read whole, by name: no buffer or string holds a cell of some hundred megabytes. */
const whole = vi.hoisted((): string[] => []);
vi.mock("node:fs/promises", async (original) => {
  const actual = await original<typeof import("node:fs/promises")>();
  const counted = new Proxy(actual.readFile, {
    apply(read, self, args) {
      whole.push(String(args[0]));
      return Reflect.apply(read, self, args);
    },
  });
  return { ...actual, readFile: counted };
});
afterEach(() => vi.restoreAllMocks());

const LINES = 8;
/** Some letters of more than one byte, so that ends of parts and of characters differ; not all lines fit into one part. */
const TEXT = "ä€😀\u2028\ud800x".repeat(PART_BYTES / 80);

const call = (i: number): KeptCall => ({
  key: String(i).padStart(2, "0"),
  promptHash: "",
  text: TEXT + i,
  tokensIn: null,
  tokensOut: null,
  finish: "stop",
  error: null,
});
const sample = (index: number): Sample => ({
  id: `c/${index}`,
  index,
  context: "",
  label: null,
  persona: null,
  exemplars: [],
  promptHash: "",
  text: TEXT,
  raw: TEXT,
  tokensIn: null,
  tokensOut: null,
  finish: "stop",
  error: null,
});
const of = <T>(make: (i: number) => T) => Array.from({ length: LINES }, (_, i) => make(i));
/** Tells values of some megabytes apart: a difference is not to be printed. */
const sums = (values: readonly unknown[] | null | undefined) => values?.map((value) => sha256(JSON.stringify(value)));
const plain = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join("");

/** Bytes of each write from now on. */
function writes(): number[] {
  const sizes: number[] = [];
  const write = disk.write;
  vi.spyOn(disk, "write").mockImplementation((to, content) => {
    sizes.push(Buffer.byteLength(content));
    return write(to, content);
  });
  return sizes;
}

it("writes and reads the samples and calls of a cell in parts, byte for byte as in one", async () => {
  const dir = testFolder();
  const files = new RunFiles({ dir, runId: "r", sums: {} });
  const sizes = writes();
  await writeSamples(files, dir, of(sample).reverse(), of(call).reverse());
  expect(sizes.length).toBeGreaterThan(3);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(PART_BYTES);

  const again = new RunFiles({ dir, runId: "r", sums: files.sums });
  whole.length = 0;
  expect(sums(await readSamples(again, dir))).toEqual(sums(of(sample)));
  expect(sums(await readCalls(again, dir))).toEqual(sums(of(call)));
  expect([await isFullOf(again, dir, of(sample)), await isFullOf(again, dir, [sample(0)])]).toEqual([true, false]);
  expect(whole).toEqual([]);
  expect(sha256(await readFile(path.join(dir, "samples.jsonl")))).toBe(sha256(plain(of(sample))));
  expect(files.sums).toEqual({ "calls.jsonl": sha256(plain(of(call))), "samples.jsonl": sha256(plain(of(sample))) });
});

it("appends what came during a write in parts", async () => {
  const file = path.join(testFolder(), "journal");
  const appender = await Appender.open(file, 0);
  const sizes = writes();
  const lines = of((i) => plain([call(i)]));
  await Promise.all(lines.map((line) => appender.append(line)));
  await appender.close();
  expect(Math.max(...sizes)).toBeLessThanOrEqual(PART_BYTES);
  expect(sizes.length).toBeLessThan(LINES);
  expect(sha256(await readFile(file))).toBe(sha256(lines.join("")));
});

it("opens a journal line by line, one with damaged lines too", async () => {
  const dir = testFolder();
  const file = path.join(dir, "calls.partial.jsonl");
  const line = (i: number) => sealLine("mine", JSON.stringify(call(i)));
  const { journal } = await Journal.open(dir, "mine");
  await Promise.all([call(0), call(1), call(2)].map((one) => journal.append(one)));
  await journal.close();
  const bytes = await readFile(file);
  for (const [content, kept, damaged] of [
    [bytes, [0, 1, 2], 0],
    [bytes.with(Buffer.byteLength(line(0)) + 9, 0), [0, 2], 1],
  ] as const) {
    await disk.open(file, "a").then(async (opened) => {
      await disk.truncate(opened, 0);
      await disk.write(opened, content);
      await disk.write(opened, '{"torn');
      await disk.close(opened);
    });
    whole.length = 0;
    const sizes = writes();
    const opened = await Journal.open(dir, "mine");
    await opened.journal.close();
    expect([sums([...opened.calls.values()]), opened.damaged]).toEqual([sums(kept.map(call)), damaged]);
    expect([whole, Math.max(0, ...sizes) <= PART_BYTES]).toEqual([[], true]);
    expect((await stat(file)).size).toBe(Buffer.byteLength(kept.map(line).join("")));
    vi.restoreAllMocks();
  }
});
