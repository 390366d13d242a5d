import { describe, expect, it } from "vitest";
import { mayFollow, startOf, tailOf, tokenize } from "./tokenizer.ts";

const TEXTS = [
  "",
  " ",
  "Don't wait: it's 3,50 (or more)…",
  "  two  spaces \n\ttab ",
  "rock 'n' roll, the dogs' '90s ’tis",
  "emoji 👩‍🚀🎉 and 中文句子 and ไทย",
  "naïve café \u0301 combining",
  "\ud800 lone surrogate",
  "a'' b''c '",
];

describe("tokenize", () => {
  it.each(TEXTS)("gives tokens that join to %j", (text) => {
    expect(tokenize(text).join("")).toBe(text);
  });

  it("keeps the space with the word and splits contractions", () => {
    expect(tokenize("Don't stop, it's ok")).toEqual(["Don", "'t", " stop", ",", " it", "'s", " ok"]);
  });

  it("gives only sequences that mayFollow allows", () => {
    for (const text of TEXTS) {
      const tokens = tokenize(text);
      for (let i = 1; i < tokens.length; i++) {
        expect(mayFollow(tailOf(tokens[i - 1]!), startOf(tokens[i]!)), JSON.stringify(tokens.slice(i - 1, i + 1))).toBe(
          true,
        );
      }
    }
  });

  it("is the only allowed sequence of a text: joining allowed tokens and splitting again changes nothing", () => {
    const tokens = [...new Set(TEXTS.flatMap(tokenize)), "s", "'", " '", " x", ".", "\n"];
    for (const a of tokens) {
      for (const b of tokens) {
        for (const c of tokens) {
          if (!mayFollow(tailOf(a), startOf(b)) || !mayFollow(tailOf(b), startOf(c))) continue;
          if (/^[\ud800-\udfff]/.test(a + b + c) || (a + b + c).includes("\ud800")) continue;
          expect(tokenize(a + b + c)).toEqual([a, b, c]);
        }
      }
    }
  });
});
