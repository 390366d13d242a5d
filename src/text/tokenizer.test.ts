import { expect, test } from "vitest";
import { tokenizerNamed } from "./tokenizer.ts";

const words = tokenizerNamed("words");

test("whitespace cuts as the reference packages do", () => {
  const whitespace = tokenizerNamed("whitespace");
  expect(whitespace.split(" It's good,\r\nreally! ")).toEqual(["It's", "good,", "really!"]);
  expect(whitespace.split("我们很喜欢这家店")).toHaveLength(1);
  expect([whitespace.label, whitespace.icu]).toEqual(["split", null]);
});

test("words are found where no space stands between them, and carry no punctuation", () => {
  expect(words.split("我们很喜欢这家餐厅。")).toEqual(expect.arrayContaining(["我们", "餐厅"]));
  expect(words.split("สวัสดีครับ ผมชอบร้านนี้").length).toBeGreaterThan(4);
  expect(words.split("私は寿司が好きです。")).toEqual(expect.arrayContaining(["寿司", "好き"]));
  expect(words.split("It's good, really! 3.5 stars 👍")).toEqual(["It's", "good", "really", "3.5", "stars"]);
  expect(words.split("맛이 좋아요")).toEqual(["맛이", "좋아요"]);
  expect(words.split(" …!? \n")).toEqual([]);
});

test("no character of a word is lost", () => {
  for (const text of ["我们很喜欢这家餐厅", "สวัสดีครับ", "ຂ້ອຍມັກຮ້ານນີ້", "ខ្ញុំចូលចិត្តហាងនេះ", "この店はとても良かったです"])
    expect(words.split(text).join("")).toBe(text);
});

test("says which version of ICU it follows", () => {
  expect(words.icu).toBe(process.versions.icu);
});
