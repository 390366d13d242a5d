import { describe, expect, it } from "vitest";
import { Stream } from "../../core/stream.ts";
import { ownerOf, testCorpus } from "../testing/corpus.ts";
import { ContextWords } from "./context-words.ts";
import { facetsOf, findFacets } from "./facets.ts";
import { contextTerms, TermSpace, textTerms } from "./features.ts";
import { Manners } from "./manners.ts";
import { tokenize } from "./tokenizer.ts";

const records = testCorpus(400);
const terms = records.map((record) => textTerms(tokenize(record.text)));
const contexts = records.map((record) => contextTerms(record.context));
const space = new TermSpace(terms, 2);
const vectors = terms.map((list) => space.vector(list));

describe("findFacets", () => {
  const facets = findFacets(contexts, vectors, space.width, 10);

  it("finds the words that tell contexts apart and leaves out those all share", () => {
    expect(facets.map((facet) => facet.term).sort()).toEqual(["cafe", "museum"]);
    for (const facet of facets) {
      expect(facet.members).toEqual(
        records.flatMap((record, i) => (record.context.text.endsWith(facet.term) ? [i] : [])),
      );
    }
  });

  it("gives the facets of a context, and none of an unknown one", () => {
    const of = (text: string) => facetsOf(facets, contextTerms({ text, label: null })).map((f) => facets[f]!.term);
    expect(of("what I thought of this museum")).toEqual(["museum"]);
    expect(of("a lighthouse")).toEqual([]);
  });

  it("keeps the facets that matter most when there is room for few", () => {
    expect(findFacets(contexts, vectors, space.width, 1)).toHaveLength(1);
  });
});

describe("Manners", () => {
  it("separates the writers, whatever they write about", () => {
    const facets = findFacets(contexts, vectors, space.width, 10);
    const numbers = terms.map((list) => space.numbers(list));
    const words = new ContextWords(numbers, space.width, facets);
    const texts = numbers.map((list, i) => ({
      terms: list,
      expected: words.expected(list, facetsOf(facets, contexts[i]!)),
    }));
    const manners = Manners.learn(texts, words.background, 2, Stream.root(5).derive("manners"));
    expect(manners.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    const agree = texts.filter((text, i) => manners.assign(text) === ownerOf(records[i]!)).length / texts.length;
    expect(Math.max(agree, 1 - agree)).toBeGreaterThan(0.95);
  });

  it("expects words of a context where the context has them", () => {
    const facets = findFacets(contexts, vectors, space.width, 10);
    const words = new ContextWords(
      terms.map((list) => space.numbers(list)),
      space.width,
      facets,
    );
    const coffee = space.numbers(["coffee"]);
    const f = (term: string) => facets.findIndex((facet) => facet.term === term);
    expect(words.expected(coffee, [f("cafe")])[0]).toBeGreaterThan(3 * words.expected(coffee, [f("museum")])[0]!);
    expect(words.background.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  });
});
