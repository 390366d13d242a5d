import { Stream } from "../../src/core/stream.ts";

/** How many inputs a fuzzer draws: few in `make test`, all of them in `make test-full`. */
export function drawsOf({ quick, full }: { readonly quick: number; readonly full: number }): number {
  return process.env.MOPBENCH_FULL === "1" ? full : quick;
}

/** The stream of a fuzzer's input: the same in every run, so that a failure names an input that can be made again. */
export function drawOf(fuzzer: string, index: number): Stream {
  return Stream.root(12).derive("fuzz", fuzzer, index);
}

/** The bytes with one thing wrong, as disks and editors leave it, and what it is in words. */
export function damaged(bytes: Buffer, random: Stream): { readonly how: string; readonly bytes: Buffer } {
  const lines = bytes.toString("latin1").split(/(?<=\n)/);
  const at = random.int(Math.max(1, bytes.length));
  const line = random.int(lines.length);
  const kinds: readonly (readonly [how: string, make: () => Buffer])[] = [
    ["empty", () => Buffer.alloc(0)],
    ["an empty object", () => Buffer.from("{}")],
    [`cut at byte ${at}`, () => bytes.subarray(0, at)],
    [
      `byte ${at} flipped`,
      () => (bytes.length === 0 ? bytes : Buffer.from(bytes.with(at, bytes[at]! ^ (1 << random.int(8))))),
    ],
    [`zeros from byte ${at}`, () => Buffer.concat([bytes.subarray(0, at), Buffer.alloc(bytes.length - at)])],
    [`line ${line} lost`, () => Buffer.from(lines.toSpliced(line, 1).join(""), "latin1")],
    [`line ${line} doubled`, () => Buffer.from(lines.toSpliced(line, 0, lines[line]!).join(""), "latin1")],
    [
      `line ${line} moved to the end`,
      () => Buffer.from([...lines.toSpliced(line, 1), lines[line]!].join(""), "latin1"),
    ],
    [
      "a number changed",
      () =>
        Buffer.from(
          bytes.toString("latin1").replace(/\d+(?=\D*$)/, (n) => String(Number(n) + 1)),
          "latin1",
        ),
    ],
    ["a text for a number", () => Buffer.from(bytes.toString("latin1").replace(/: ?\d+/, ': "many"'), "latin1")],
  ];
  const [how, make] = random.pick(kinds);
  return { how, bytes: make() };
}
