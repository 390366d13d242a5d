import { describe, expect, it } from "vitest";
import { Stream } from "../../core/stream.ts";
import { articles, capitalized, writeOut } from "./hand.ts";

const plain = { lowercase: 0, exclaim: 0, trail: 0, bare: 0, spellings: [] };

describe("the hand", () => {
  it("chooses a or an by sound", () => {
    expect(articles("a apple, an pear, a hour, an one-off, A uniform, a £8 tart")).toBe(
      "an apple, a pear, an hour, a one-off, A uniform, a £8 tart",
    );
  });

  it("capitalizes after a full stop and not after three dots", () => {
    expect(capitalized("it rained. we left! why? oh... well. yes")).toBe("It rained. We left! Why? Oh... well. Yes");
  });

  it("writes full stops, capitals and spellings as the style says", () => {
    const random = Stream.root(0);
    const text = ["you went because it rained.", "fine."];
    expect(writeOut(text, plain, random)).toBe("You went because it rained. Fine.");
    expect(writeOut(text, { ...plain, exclaim: 1 }, random)).toBe("You went because it rained! Fine!");
    expect(writeOut(text, { ...plain, trail: 1, bare: 1 }, random)).toBe("You went because it rained... Fine...");
    expect(writeOut(text, { ...plain, lowercase: 1, bare: 1, spellings: [["because", "bc", 1]] }, random)).toBe(
      "you went bc it rained. fine",
    );
  });
});
