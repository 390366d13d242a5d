import { describe, expect, it } from "vitest";
import { printable, visible, visibleLine } from "./printable.ts";

/** What terminals and editors obey. */
const OBEYED: Readonly<Record<string, string>> = {
  "an escape sequence": "\u001b[31m",
  "an operating system command": "\u001b]0;title\u0007",
  "a control of eight bits": "\u009b31m",
  "a next line": "\u0085",
  "a carriage return": "all is well\rno",
  "a backspace": "a\bb",
  "a bell": "\u0007",
  "a delete": "\u007f",
  "a null": "\u0000",
  "an override": "\u202egpj.exe",
  "an isolate": "\u2066x\u2069",
  "an old format control": "\u206a",
  "a line's end": "\u2028",
  "half a pair": "\ud800x",
};

describe("printable and visible", () => {
  it.each(Object.entries(OBEYED))("make %s harmless", (_, text) => {
    for (const safe of [printable(text), visible(text), visibleLine(text)])
      expect(safe.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u206f\u2028\u2029]/u);
  });

  it("leave what people write as it is", () => {
    const text =
      "a\tb\nnai\u0308ve \u{1f469}\u200d\u{1f4bb} \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u05e9\u05dc\u05d5\u05dd \u4e2d\u6587";
    expect([printable(text), visible(text)]).toEqual([text, text]);
  });

  it("keep marks of direction in documents, which isolate their texts, and show them in terminals", () => {
    expect(printable("a\u200f\u200e\u061c")).toBe("a\u200f\u200e\u061c");
    expect(visible("a\u200f\u200e\u061c")).toBe("a\\u200f\\u200e\\u061c");
  });

  it("stay apart where the texts were", () => {
    expect(printable("a\u0001")).not.toBe(printable("a\u0002"));
    expect(printable("a\r\nb\rc")).toBe("a\nb\nc");
  });

  it("show what was there, also across several lines", () => {
    expect(visible("\u001b[1m\nx\u2028y")).toBe("\\u001b[1m\nx\\u2028y");
    expect(visibleLine(" a\nmopbench: all is well\r\u001b[K ")).toBe("a mopbench: all is well \\u001b[K");
  });

  it("leave JSON the same value", () => {
    const value = { a: Object.values(OBEYED), "b\u009b\u202e": ['\u200f \\u001b \u2028 " \\'] };
    for (const json of [JSON.stringify(value), JSON.stringify(value, null, 2)]) {
      expect(JSON.parse(visible(json))).toEqual(value);
      expect(visible(json)).not.toMatch(/[\x7f-\x9f\u200f\u2028\u202e]/);
    }
  });
});
