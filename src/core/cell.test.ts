import { describe, expect, it } from "vitest";
import { cellPath, folderName } from "./cell.ts";

describe("folderName", () => {
  it("replaces what file systems may not take, and never names the folder above", () => {
    expect(["a/b", "openai:gpt-4.1", "\u00e9\u{1f600}", "..", "."].map(folderName)).toEqual([
      "a-b",
      "openai-gpt-4.1",
      "--",
      "-..",
      "-.",
    ]);
  });

  it("shortens long names to their beginning and a hash, which tells them apart", () => {
    const long = ["x".repeat(201), "x".repeat(202), `${"x".repeat(300)}a`, `${"x".repeat(300)}b`, "\u00e9".repeat(400)];
    const folders = long.map(folderName);
    expect(new Set(folders).size).toBe(long.length);
    for (const folder of folders) expect(folder).toMatch(/^[x-]{183}-[0-9a-f]{16}$/);
    expect(folderName("x".repeat(200))).toBe("x".repeat(200));
  });

  it("leaves room in a path", () => {
    const id = "m".repeat(10_000);
    expect(cellPath({ dataset: id, model: id, method: id, repeat: 999 }).length).toBeLessThan(700);
  });
});
