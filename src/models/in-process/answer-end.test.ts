import { describe, expect, it } from "vitest";
import { endOfAnswer, type WrittenMessage } from "./answer-end.ts";

const ids = new Map([
  ["<eos>", 1],
  ["<end>", 2],
  ["\n", 3],
]);
const idsOf = (text: string) => (text.match(/<eos>|<end>|\n/g) ?? []).map((piece) => ids.get(piece)!);
const template = (end: string) => (messages: readonly WrittenMessage[]) =>
  messages.map(({ role, content }) => `${role}: ${content}${end}\n`).join("");

describe("endOfAnswer", () => {
  it("is what the chat template writes behind an answer, where the model stops there", () => {
    expect(endOfAnswer([1, 2], template("<end>"), idsOf)).toBe(2);
    expect(endOfAnswer([1, 2], template("<eos>"), idsOf)).toBe(1);
  });

  it("is the end-of-text token for plain text, and where the template ends answers by nothing the model stops at", () => {
    expect(endOfAnswer([1, 2], null, idsOf)).toBe(1);
    expect(endOfAnswer([1], template("<end>"), idsOf)).toBe(1);
    expect(endOfAnswer([1], template(""), idsOf)).toBe(1);
  });

  it("is none for a model that stops nowhere", () => {
    expect(endOfAnswer([], template("<end>"), idsOf)).toBeNull();
  });
});
