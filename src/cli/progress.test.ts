import { describe, expect, it } from "vitest";
import { eventProgress } from "../core/events.ts";
import { inLines, lines, openProgress } from "./progress.ts";

describe("lines", () => {
  it("says notes, warnings, and at most one line of a piece of work in five seconds, with rate and time left", () => {
    let now = 0;
    const said: string[] = [];
    const progress = eventProgress(lines({ stderr: (text) => said.push(text) }, () => now));
    progress.note("loading");
    progress.warn("gold is small");
    const bar = progress.bar("zero-shot", 10);
    bar.advance(3);
    now = 5000;
    bar.advance();
    now = 6000;
    bar.advance();
    now = 12_000;
    bar.advance(5);
    bar.done();
    expect(said).toEqual([
      "loading\n",
      "warning: gold is small\n",
      "zero-shot: 4/10, 0.20/s, 30 s left\n",
      "zero-shot: 10/10 done\n",
    ]);
  });
});

it("keeps labels and messages in their line, and shows what a terminal would obey", () => {
  const told: unknown[] = [];
  const progress = eventProgress(inLines((event) => told.push("label" in event ? event.label : event)));
  progress.note("column a\nb\u001b[2K");
  progress.warn("\u202ex\r\nwarning: all is well");
  progress.bar("d / m\u0007 /\nz", 3);
  expect(told).toEqual([
    { type: "note", message: "column a b\\u001b[2K" },
    { type: "warning", message: "\\u202ex warning: all is well" },
    "d / m\\u0007 / z",
  ]);
});

it("says only warnings when quiet", async () => {
  const said: string[] = [];
  const io = {
    stdout: () => {},
    stderr: (text: string) => void said.push(text),
    terminal: true,
    columns: null,
    env: {},
    cwd: "/",
    signal: new AbortController().signal,
  };
  const progress = await openProgress(io, true);
  progress.note("loading");
  progress.bar("zero-shot", 10).done();
  progress.warn("gold is small");
  progress.close();
  expect(said).toEqual(["warning: gold is small\n"]);
});
