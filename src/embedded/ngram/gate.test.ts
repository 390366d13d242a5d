import { describe, expect, it } from "vitest";
import { testCorpus } from "../testing/corpus.ts";
import { EmbeddedModel } from "./embedded-model.ts";
import { textTerms } from "./features.ts";
import { softmax } from "./manners.ts";
import { SIZES } from "./settings.ts";
import { tokenize } from "./tokenizer.ts";

const { gate } = new EmbeddedModel("x", testCorpus(800), { ...SIZES.large, collapse: 0.5 }).trained;
const others = testCorpus(50, 2);
const told = (persona: string | null, exemplars: typeof others) => gate.writer(persona, exemplars).told;

describe("how much a prompt tells about its writer", () => {
  it("is the share of manners ruled out: 1 - exp(-KL(posterior || shares))", () => {
    const { shares } = gate.parts.manners;
    for (const record of others) {
      const terms = gate.parts.textSpace.numbers(textTerms(tokenize(record.text)));
      const expected = gate.parts.contextWords.expected(terms, gate.facets(record.context));
      const logs = gate.parts.manners.logLikelihoods({ terms, expected });
      const posterior = softmax(
        logs.map((value, m) => Math.log(shares[m]!) + gate.settings.mannerWeight * value),
        1,
      );
      const information = [...posterior].reduce((sum, p, m) => sum + p * Math.log(p / shares[m]!), 0);
      expect(told(null, [record])).toBeCloseTo(1 - Math.exp(-information), 12);
    }
    expect(told(null, others)).toBeLessThanOrEqual(1);
    expect(told("the", [others[0]!])).toBe(told("the", []) + told(null, [others[0]!]));
  });

  it("is nothing for no words, unknown words, and words that everybody uses; more for a manner's own", () => {
    expect(told(null, [])).toBe(0);
    expect(told("Zyzzyva quark", [])).toBe(0);
    expect(told("the", [])).toBeLessThan(0.01);
    expect(told("Oh, lovely, charming, splendid, we adored it!", [])).toBeGreaterThan(0.3);
  });

  it("is nothing where there is one manner only", () => {
    const one = new EmbeddedModel("x", testCorpus(100), { ...SIZES.small, manners: 1, collapse: 0.5 }).trained.gate;
    expect(one.writer("Oh, lovely, charming, splendid!", [others[0]!]).told).toBe(0);
  });
});
