import { describe, expect, it } from "vitest";
import { InputError } from "../../core/errors.ts";
import { Stream } from "../../core/stream.ts";
import type { Prompt, PromptContent } from "../../prompts/prompt.ts";
import { ownerOf, testCorpus } from "../testing/corpus.ts";
import { encode } from "./decoder.ts";
import { createEmbedded, embedded } from "./embedded.ts";
import { EmbeddedModel } from "./embedded-model.ts";
import { SIZES } from "./settings.ts";
import { ESCAPES } from "./vocabulary.ts";

const background = testCorpus(800);
const others = testCorpus(300, 2);
const model = new EmbeddedModel("embedded:large", background, { ...SIZES.large, collapse: 0.5 });
const plain = new EmbeddedModel("embedded:large", background, { ...SIZES.large, collapse: 0 });
const CAFE = { text: "a review of a cafe", label: null };
const CONTENTS: PromptContent[] = [
  { context: CAFE, persona: null, exemplars: [] },
  { context: { text: "", label: "unheard of" }, persona: "someone who says lovely and splendid", exemplars: [] },
  { context: CAFE, persona: null, exemplars: [others[0]!] },
  { context: CAFE, persona: "a dull, slow grumbler", exemplars: [others[1]!, others[2]!] },
  { context: CAFE, persona: "the", exemplars: [] },
  { context: CAFE, persona: "Zyzzyva quark", exemplars: [] },
];

function prompt(content: PromptContent): Prompt {
  return { content, instruction: "", persona: content.persona ?? "", example: "", task: "", hash: "" };
}

function logLikelihood(of: EmbeddedModel, content: PromptContent, text: string, temperature = 1): number {
  return of.scoreContent(content, text, temperature).reduce((sum, value) => sum + value, 0);
}

describe("the next-token distribution", () => {
  const { vocabulary } = model.trained.parts;
  const histories = [
    "",
    "The coffee was",
    "Oh, the",
    "Thank you for the lovely cake!",
    "Zyzzyva quark",
    "rock '",
    "trailing ",
    "Won't",
  ];

  it.each([1, 0.5, 0.8, 1.7, 0.05, 20])(
    "sums to one at temperature %d after every prompt and history",
    (temperature) => {
      for (const content of CONTENTS) {
        for (const history of histories) {
          const ids = [...encode(history, vocabulary).ids.slice(0, -1)];
          const p = model.decoder.distribution(model.condition(content), ids, 1 / temperature);
          expect(Math.abs(p.reduce((sum, value) => sum + value, 0) - 1), history).toBeLessThan(1e-12);
          expect(p.every((value) => value >= 0)).toBe(true);
          expect(p[0]).toBeGreaterThan(0);
        }
      }
    },
  );

  it("equals the powers of the plain one, renormalized", () => {
    for (const content of CONTENTS) {
      const ids = [...encode("The coffee was", vocabulary).ids.slice(0, -1)];
      const p = model.decoder.distribution(model.condition(content), ids, 1);
      const q = model.decoder.distribution(model.condition(content), ids, 1 / 0.6);
      const total = p.reduce((sum, value) => sum + value ** (1 / 0.6), 0);
      p.forEach((value, id) => {
        expect(q[id]).toBeCloseTo(value ** (1 / 0.6) / total, 12);
      });
    }
  });

  it("sums to one in every state of spelling", () => {
    for (let escapeId = 1; escapeId <= ESCAPES.length; escapeId++) {
      if (ESCAPES[escapeId - 1]!.spells !== "word") continue;
      for (const spelled of ["", "c", "coffee", "cof", "ğ", "zzzzzzzz"]) {
        for (const sharpness of [1, 2, 0.4]) {
          const p = model.trained.speller.distribution(escapeId, spelled, sharpness);
          expect(Math.abs(p.reduce((sum, value) => sum + value, 0) - 1)).toBeLessThan(1e-12);
          if (spelled === "") expect(p[0]).toBe(0);
        }
      }
    }
    expect(model.trained.speller.distribution(1, "coffee", 1)[0], "known words are not spelled").toBe(0);
    expect(model.trained.speller.distribution(1, "cof", 1)[0]).toBeGreaterThan(0);
  });
});

describe("sampling", () => {
  it("draws first tokens as often as their probability says, at several temperatures", () => {
    for (const temperature of [1, 0.6]) {
      for (const content of [CONTENTS[0]!, CONTENTS[3]!]) {
        const conditioning = model.condition(content);
        const p = model.decoder.distribution(conditioning, [], 1 / temperature);
        const random = Stream.root(9).derive("chi-square");
        const n = 20_000;
        const counts = new Float64Array(p.length);
        for (let i = 0; i < n; i++) {
          const { text } = model.decoder.draw(conditioning, { temperature, topP: 1, maxTokens: 1 }, () =>
            random.next(),
          );
          const [first] = encode(text, model.trained.parts.vocabulary).ids;
          counts[first!]!++;
        }
        let chi = 0;
        let degrees = -1;
        let rareExpected = 0;
        let rareCount = 0;
        p.forEach((value, id) => {
          if (n * value < 5) {
            rareExpected += n * value;
            rareCount += counts[id]!;
          } else {
            chi += (counts[id]! - n * value) ** 2 / (n * value);
            degrees++;
          }
        });
        chi += (rareCount - rareExpected) ** 2 / Math.max(1, rareExpected);
        expect(degrees).toBeGreaterThan(3);
        expect(chi).toBeLessThan(degrees + 1 + 5 * Math.sqrt(2 * (degrees + 1)));
      }
    }
  });

  it("draws whole texts as often as their scores say", () => {
    const content = CONTENTS[2]!;
    const random = Stream.root(3).derive("texts");
    const counts = new Map<string, number>();
    const n = 20_000;
    for (let i = 0; i < n; i++) {
      const { text } = model.decoder.draw(model.condition(content), { temperature: 1, topP: 1, maxTokens: 60 }, () =>
        random.next(),
      );
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    const frequent = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 12);
    for (const [text, count] of frequent) {
      const expected = n * Math.exp(logLikelihood(model, content, text));
      expect(Math.abs(count - expected), text).toBeLessThan(5 * Math.sqrt(expected) + 5);
    }
  });

  it("gives equal answers to equal seeds in any order, and stops at maxTokens", async () => {
    const decoding = { temperature: 1, topP: 1, maxTokens: 60 };
    const ask = (seed: number) => model.generate({ prompt: prompt(CONTENTS[0]!), decoding, seed, sampleIndex: 0 });
    const first = await ask(5);
    const other = await ask(6);
    expect(await ask(5)).toEqual(first);
    expect(other.text).not.toBe(first.text);
    const fresh = createEmbedded(embedded.bind({ size: "large" }).options as never, { background }, "again");
    expect(await fresh.generate({ prompt: prompt(CONTENTS[0]!), decoding, seed: 5, sampleIndex: 3 })).toEqual(first);
    const short = await model.generate({
      prompt: prompt(CONTENTS[0]!),
      decoding: { ...decoding, maxTokens: 2 },
      seed: 5,
      sampleIndex: 0,
    });
    expect(short).toMatchObject({ tokensOut: 2, finish: "length" });
    expect(first.finish).toBe("stop");
  });

  it("keeps to the nucleus", () => {
    const conditioning = model.condition(CONTENTS[0]!);
    const p = model.decoder.distribution(conditioning, [], 1);
    const order = [...p.keys()].sort((a, b) => p[b]! - p[a]!);
    let mass = 0;
    const nucleus = new Set<number>();
    for (const id of order) {
      if (mass >= 0.5) break;
      nucleus.add(id);
      mass += p[id]!;
    }
    const random = Stream.root(1).derive("nucleus");
    const seen = new Set<number>();
    for (let i = 0; i < 2000; i++) {
      const { text } = model.decoder.draw(conditioning, { temperature: 1, topP: 0.5, maxTokens: 1 }, () =>
        random.next(),
      );
      seen.add(encode(text, model.trained.parts.vocabulary).ids[0]!);
    }
    expect([...seen].filter((id) => !nucleus.has(id))).toEqual([]);
    expect(seen.size).toBe(nucleus.size);
  });
});

describe("what the prompt changes", () => {
  const pairs = others.slice(0, 200);
  /** Mean difference of log-likelihood in standard errors. */
  const gain = (right: (i: number) => Partial<PromptContent>, wrong: (i: number) => Partial<PromptContent>) => {
    const differences = pairs.map((record, i) => {
      const base = { context: record.context, persona: null, exemplars: [] };
      const of = (more: Partial<PromptContent>) => logLikelihood(model, { ...base, ...more }, record.text);
      return of(right(i)) - of(wrong(i));
    });
    const mean = differences.reduce((sum, d) => sum + d, 0) / pairs.length;
    const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (pairs.length - 1);
    return mean / Math.sqrt(variance / pairs.length);
  };
  const exemplar = (i: number, same: boolean) =>
    others.slice(200).find((other, j) => j >= i % 50 && (ownerOf(other) === ownerOf(pairs[i]!)) === same)!;
  const personas = [
    "Grumbles: dull, slow, overpriced, cold, noisy.",
    "Gushes: lovely, charming, wonderful, we adored, oh!",
  ];

  it("a matching persona raises a text's likelihood", () => {
    expect(
      gain(
        (i) => ({ persona: personas[ownerOf(pairs[i]!)]! }),
        (i) => ({ persona: personas[1 - ownerOf(pairs[i]!)]! }),
      ),
    ).toBeGreaterThan(3);
  });

  it("a matching exemplar raises a text's likelihood", () => {
    expect(
      gain(
        (i) => ({ exemplars: [exemplar(i, true)] }),
        (i) => ({ exemplars: [exemplar(i, false)] }),
      ),
    ).toBeGreaterThan(3);
  });

  it("the right context raises a text's likelihood", () => {
    const swapped = (i: number) =>
      pairs[i]!.context.text === CAFE.text ? { text: "a review of a museum", label: null } : CAFE;
    expect(
      gain(
        () => ({}),
        (i) => ({ context: swapped(i) }),
      ),
    ).toBeGreaterThan(3);
  });

  it("draws in the manner of the persona, and of the exemplar", () => {
    const random = Stream.root(12).derive("manner");
    const shouting = (content: Partial<PromptContent>) => {
      let count = 0;
      for (let i = 0; i < 300; i++) {
        const conditioning = plain.condition({ context: CAFE, persona: null, exemplars: [], ...content });
        const { text } = plain.decoder.draw(conditioning, { temperature: 1, topP: 1, maxTokens: 80 }, () =>
          random.next(),
        );
        if (text.includes("!")) count++;
      }
      return count / 300;
    };
    expect(shouting({ persona: personas[1]! }) - shouting({ persona: personas[0]! })).toBeGreaterThan(0.3);
    const shown = (owner: number) => others.filter((record) => ownerOf(record) === owner).slice(0, 1);
    expect(shouting({ exemplars: shown(1) }) - shouting({ exemplars: shown(0) })).toBeGreaterThan(0.3);
  });

  it("relieves the collapse by what persona and exemplars tell, not by their being there", () => {
    const collapse = (content: Partial<PromptContent>) => {
      const { weights } = model.condition({ context: CAFE, persona: null, exemplars: [], ...content });
      return weights.at(-1)!;
    };
    expect(collapse({})).toBe(0.5);
    expect(collapse({ persona: "Zyzzyva quark" })).toBe(0.5);
    expect(collapse({ persona: "the" })).toBeGreaterThan(0.499);
    const voice = collapse({ persona: personas[1]! });
    expect(voice).toBeLessThan(0.42);
    const shown = others.slice(0, 20).map((record) => collapse({ exemplars: [record] }));
    for (const value of shown) expect(value).toBeGreaterThan(0.25);
    expect(Math.min(...shown)).toBeLessThan(0.35);
    const both = collapse({ persona: personas[1]!, exemplars: [others[0]!] });
    expect(both).toBeCloseTo((voice * collapse({ exemplars: [others[0]!] })) / 0.5, 12);
  });

  it("collapse lowers diversity step by step", () => {
    const diversity = [0, 0.5, 0.9].map((collapse) => {
      const collapsed = new EmbeddedModel("x", background, { ...SIZES.large, collapse });
      const random = Stream.root(8).derive("collapse");
      const bigrams: string[] = [];
      for (let i = 0; i < 300; i++) {
        const words = collapsed.decoder
          .draw(collapsed.condition(CONTENTS[0]!), { temperature: 1, topP: 1, maxTokens: 60 }, () => random.next())
          .text.split(" ");
        for (let j = 1; j < words.length; j++) bigrams.push(`${words[j - 1]} ${words[j]}`);
      }
      // Distinct-2 falls with the number of bigrams, so all three are cut to the same.
      const same = bigrams.slice(0, 1200);
      expect(same.length).toBe(1200);
      return new Set(same).size / same.length;
    });
    expect(diversity[0]).toBeGreaterThan(diversity[1]!);
    expect(diversity[1]).toBeGreaterThan(diversity[2]!);
  });
});

describe("scores", () => {
  it.each(["", " ", "🎉👩‍🚀", "这家店很好。", "Ünïcödé wörds", "\ud800", "a  b \n", "x".repeat(3000)])(
    "are finite for %j",
    (text) => {
      for (const temperature of [1, 0.7]) {
        const values = model.scoreContent(CONTENTS[3]!, text, temperature);
        expect(values.every((value) => Number.isFinite(value) && value <= 0)).toBe(true);
      }
    },
  );

  it("have one entry a token and sum to the total", async () => {
    const scored = await model.score({ prompt: prompt(CONTENTS[1]!), continuation: "The coffee was blorp." });
    // The, coffee, was, escape + b l o r p + stop, full stop, end.
    expect(scored.tokens.length).toBe(3 + 1 + 5 + 1 + 1 + 1);
    expect(scored.total).toBeCloseTo(
      scored.tokens.reduce((sum, value) => sum + value, 0),
      10,
    );
  });

  it("do not depend on what was scored before", () => {
    const before = logLikelihood(plain, CONTENTS[0]!, others[5]!.text);
    for (const record of others) logLikelihood(plain, { ...CONTENTS[1]!, exemplars: [record] }, record.text, 0.9);
    expect(logLikelihood(plain, CONTENTS[0]!, others[5]!.text)).toBe(before);
  });
});

describe("training", () => {
  it("reads more and predicts better as large than as small", () => {
    const small = new EmbeddedModel("embedded:small", background, { ...SIZES.small, collapse: 0.5 });
    expect(small.description.heldOutPerplexity).toBeGreaterThan(Number(model.description.heldOutPerplexity));
    expect(small.description.trainedTokens).toBeLessThan(Number(model.description.trainedTokens));
  });

  it("says what to do where there is nothing to learn from", () => {
    for (const few of [[], background.slice(0, 1), [background[0]!, { ...background[1]!, text: "  " }]]) {
      expect(() => new EmbeddedModel("x", few, { ...SIZES.small, collapse: 0 })).toThrow(InputError);
      expect(() => new EmbeddedModel("x", few, { ...SIZES.small, collapse: 0 })).toThrow(/at least 2/);
    }
  });

  it("learns from two texts", () => {
    const tiny = new EmbeddedModel("x", background.slice(0, 2), { ...SIZES.large, collapse: 0.5 });
    expect(Number.isFinite(logLikelihood(tiny, CONTENTS[3]!, "Something else entirely."))).toBe(true);
    expect(tiny.description.heldOutPerplexity).toBeGreaterThan(1);
  });
});
