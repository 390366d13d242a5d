import { describe, expect, it } from "vitest";
import { Stream } from "../../core/stream.ts";
import { Grammar, parseTemplate } from "./grammar.ts";
import type { Lexicon } from "./lexicon.ts";

function sentences(lexicon: Lexicon, template: string, n = 200): Set<string> {
  const grammar = new Grammar();
  const random = Stream.root(1);
  return new Set(Array.from({ length: n }, () => grammar.begin([lexicon], random).sentence([template])));
}

describe("Grammar", () => {
  it("expands lists and nested choices", () => {
    const lexicon = { pet: ["a dog", "a cat[| named {name}]"], name: ["Rex"] };
    expect(sentences(lexicon, "I [saw|heard] {pet}.")).toEqual(
      new Set(["saw", "heard"].flatMap((verb) => ["a dog", "a cat", "a cat named Rex"].map((p) => `I ${verb} ${p}.`))),
    );
  });

  it("agrees with the noun drawn last", () => {
    const lexicon = { asp: ["the tea", "the scones*"] };
    expect(sentences(lexicon, "{Asp} {was} fine and {it} need{s} {its} jam.")).toEqual(
      new Set(["The tea was fine and it needs its jam.", "The scones were fine and they need their jam."]),
    );
  });

  it("keeps adjectives to nouns of their sort", () => {
    const lexicon = { asp: ["the soup@food", "the hall@room"], pos: ["nice", "tasty@food", "airy@room"] };
    const found = sentences(lexicon, "{asp} {was} {pos}", 400);
    expect(found).toEqual(
      new Set(["the soup was nice", "the soup was tasty", "the hall was nice", "the hall was airy"]),
    );
    expect(sentences(lexicon, "it was {pos}", 400)).toEqual(new Set(["it was nice"]));
  });

  it("names one place a note, and does not repeat itself while it can", () => {
    const lexicon = { here: ["Penny's", "the Cup"], item: ["a", "b", "c", "d", "e", "f", "g", "h"] };
    const grammar = new Grammar();
    const random = Stream.root(2);
    for (let i = 0; i < 50; i++) {
      const [here1, here2, item1, item2] = grammar
        .begin([lexicon], random)
        .sentence(["{here};{here};{item};{item}"])
        .split(";");
      expect(here1).toBe(here2);
      expect(item1).not.toBe(item2);
    }
  });

  it("refuses brackets that do not match and lists that do not exist", () => {
    for (const template of ["[a|b", "a]", "a|b", "{a"]) expect(() => parseTemplate(template)).toThrow(SyntaxError);
    expect(() => sentences({}, "{nothing}", 1)).toThrow(/no list `nothing`/);
  });
});
