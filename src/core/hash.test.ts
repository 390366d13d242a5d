import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { hashOf, sha256 } from "./hash.ts";

it("gives each text its own SHA-256, that of its UTF-8 where it has one", () => {
  const texts = ["", "a", "wörld 🙂", "\u{fffd}", "\ud800", "\udc00", "a\ud800", "a\udc00\ud800", "\ufffda"];
  expect(new Set(texts.map((text) => sha256(text))).size).toBe(texts.length);
  expect(new Set(texts.map(hashOf)).size).toBe(texts.length);
  for (const text of ["", "wörld 🙂", "\u{fffd}"])
    expect(sha256(text)).toBe(createHash("sha256").update(text).digest("hex"));
});
