import { describe, expect, it } from "vitest";
import { contextText, exemplarText } from "./encoder-view.ts";

const record = { id: "r", context: { text: "a film", label: "good" }, text: "I liked it." };
const bare = { ...record, context: { text: "", label: null } };

describe("what the encoder sees", () => {
  it("is context, label and text, each on its line, unless a view shows less", () => {
    expect(exemplarText(record)).toBe("a film\ngood\nI liked it.");
    expect(exemplarText(record, { exemplar: "both", label: false })).toBe("a film\nI liked it.");
    expect(exemplarText(record, { exemplar: "context", label: true })).toBe("a film\ngood");
    expect(exemplarText(record, { exemplar: "context", label: false })).toBe("a film");
    expect(exemplarText(record, { exemplar: "text", label: true })).toBe("I liked it.");
  });

  it("is the text alone where there is no context", () => {
    expect(exemplarText(bare)).toBe("I liked it.");
    expect(exemplarText(bare, { exemplar: "context", label: true })).toBe("");
  });

  it("leaves the label out of a context when told", () => {
    expect(contextText(record.context)).toBe("a film\ngood");
    expect(contextText(record.context, { exemplar: "both", label: false })).toBe("a film");
  });
});
