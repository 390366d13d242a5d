import { describe, expect, it } from "vitest";
import { Stream } from "../../core/stream.ts";
import { testCorpus } from "../testing/corpus.ts";
import { nodeOf } from "../testing/node-of.ts";
import { Components } from "./components.ts";
import { type Component, Conditioning } from "./conditioning.ts";
import { encode } from "./decoder.ts";
import { SIZES } from "./settings.ts";
import { train } from "./train.ts";
import { END } from "./vocabulary.ts";

const { parts, facets, manners } = train(testCorpus(500), { ...SIZES.large, collapse: 0 });
const { tables, base, vocabulary } = parts;
const SHARE = 0.1;
/** A manner, and what is written of each of the two places. */
const EXPERTS = [manners.find((expert) => expert >= 0)!, ...facets];
const COMPONENTS: Component[] = [
  { stack: [0], weight: 0.2 },
  { stack: [0, 1, 2], weight: 0.5 },
  // Never saw what follows the other place's nouns, and leaves all to the component below.
  { stack: [3], weight: 0.3, over: 1 },
];
const HISTORIES = ["", "The coffee", "The coffee was dull. Thank you for the", "Oh, zyzzyva"];
const tokens = Array.from({ length: vocabulary.size }, (_, token) => token);

/** Each component's p(token) after a history that begins with END, by the definition. */
function defined(history: readonly number[], token: number): number[] {
  const all: number[] = [];
  for (const { stack, over } of COMPONENTS) {
    let p = over === undefined ? base.probability(history.at(-1)!, token) : all[over]!;
    for (let k = 1; k < tables.general.order; k++) {
      for (const cursor of stack) {
        const table = cursor === 0 ? tables.general : tables.experts[EXPERTS[cursor - 1]!]!;
        if (k >= table.order || history.length < k) continue;
        const context = nodeOf(table, history.slice(-k));
        if (context < 0) continue;
        const node = nodeOf(table, [...history.slice(-k), token]);
        p = (node < 0 ? 0 : table.seen[node]!) + table.rest[context]! * p;
      }
    }
    all.push(p);
  }
  return all;
}

describe("Components", () => {
  const components = new Components(tables, base, SHARE);
  const conditioning = new Conditioning(tables, EXPERTS, COMPONENTS, null);
  /** Goes past a text's tokens; returns the last of them. */
  const follow = (text: string) => {
    components.begin(conditioning);
    const ids = encode(text, vocabulary).ids.slice(0, -1);
    for (const token of ids) {
      components.probability(token);
      components.accept(token);
    }
    return ids.at(-1) ?? END;
  };

  it("mixes the chains of the definition, with fixed-share weights", () => {
    components.begin(conditioning);
    const text = [...encode("The coffee was dull. Thank you for the lovely cake!", vocabulary).ids];
    const history = [END];
    let weights = COMPONENTS.map(({ weight }) => weight);
    for (const token of text) {
      const p = defined(history, token);
      const sum = p.reduce((total, value, e) => total + weights[e]! * value, 0);
      expect(Math.abs(components.probability(token) / sum - 1)).toBeLessThan(1e-12);
      weights = weights.map((w, e) => ((1 - SHARE) * w * p[e]!) / sum + SHARE * COMPONENTS[e]!.weight);
      components.accept(token);
      history.push(token);
    }
  });

  it.each(HISTORIES)("sums to one, and spreads the same distribution, after %j", (history) => {
    const previous = follow(history);
    const p = tokens.map((token) => components.probability(token));
    expect(Math.abs(p.reduce((sum, value) => sum + value, 0) - 1)).toBeLessThan(1e-12);
    const dense = new Float64Array(tokens.length);
    const touched = new Int32Array(tokens.length);
    const { count, toBase } = components.spread(0.5, dense, touched);
    expect(new Set(touched.subarray(0, count)).size).toBe(count);
    expect(tokens.filter((token) => dense[token]! > 0).length).toBe(count);
    for (const token of tokens) {
      const spread = dense[token]! + toBase * base.probability(previous, token);
      expect(Math.abs(spread - 0.5 * p[token]!)).toBeLessThan(1e-14);
    }
  });

  it.each(HISTORIES)("draws tokens as often as their probability says, after %j", (history) => {
    follow(history);
    const random = Stream.root(5).derive("components");
    const n = 40_000;
    const counts = new Int32Array(tokens.length);
    for (let i = 0; i < n; i++) counts[components.draw(() => random.next())]!++;
    let chi = 0;
    let degrees = -1;
    let rare = 0;
    let expectedRare = 0;
    for (const token of tokens) {
      const expected = n * components.probability(token);
      if (expected >= 5) {
        chi += (counts[token]! - expected) ** 2 / expected;
        degrees++;
      } else {
        rare += counts[token]!;
        expectedRare += expected;
      }
    }
    expect(degrees).toBeGreaterThan(1);
    expect(chi).toBeLessThan(degrees + 5 * Math.sqrt(2 * degrees));
    expect(Math.abs(rare - expectedRare)).toBeLessThan(5 * Math.sqrt(expectedRare) + 1);
  });
});
