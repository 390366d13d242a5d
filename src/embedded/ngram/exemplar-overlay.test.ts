import { describe, expect, it } from "vitest";
import { Stream } from "../../core/stream.ts";
import { encode } from "./decoder.ts";
import { ExemplarCache } from "./exemplar-cache.ts";
import { ExemplarOverlay } from "./exemplar-overlay.ts";
import { tokenize } from "./tokenizer.ts";
import { END, Vocabulary } from "./vocabulary.ts";

const BETA = 3;
const ETA = 0.1;
const vocabulary = new Vocabulary(tokenize("the cat sat on the mat. The dog sat on the cat, and slept"));
const texts = ["the cat sat on the zyzzyva.", "the cat sat", "the dog"].map((text) => encode(text, vocabulary).ids);
const rarity = Float64Array.from({ length: vocabulary.size }, (_, token) => 0.5 + (token % 5));
const size = vocabulary.size;
/** The distribution below. */
const plain = Float64Array.from({ length: size }, (_, token) => (2 * (token + 1)) / (size * (size + 1)));
const id = (token: string) => vocabulary.idOf(token)!;

describe("ExemplarOverlay", () => {
  const overlay = new ExemplarOverlay(BETA, ETA);
  const stand = (previous: number) => {
    overlay.begin(new ExemplarCache(texts, rarity, vocabulary));
    overlay.stand(previous, vocabulary.tails[previous]!);
  };
  /** The start, seen often, seen once, before the end, an unknown word, never seen. */
  const after = [END, id(" the"), id("the"), id(" cat"), id(" sat"), id(" on"), id(" dog"), id("."), 1, id(" slept")];

  it("is the two overlays of the definition", () => {
    stand(id(" sat"));
    // " sat" was followed by " on" and by the end; u has the words that may follow, by count times rarity.
    const words = ["the", " cat", " sat", " on", " the", ".", " dog"].map(id).sort((a, b) => a - b);
    const used = (token: number) => texts.reduce((n, ids) => n + ids.filter((other) => other === token).length, 0);
    const allowed = words.filter((token) => vocabulary.allows(vocabulary.tails[id(" sat")]!, token));
    const total = allowed.reduce((sum, token) => sum + used(token) * rarity[token]!, 0);
    for (const token of Array.from(plain.keys())) {
      const followed = ((token === id(" on") || token === END ? 1 : 0) + BETA * plain[token]!) / (2 + BETA);
      const u = allowed.includes(token) ? (used(token) * rarity[token]!) / total : 0;
      expect(overlay.over(token, plain[token]!)).toBeCloseTo((1 - ETA) * followed + ETA * u, 14);
    }
  });

  it.each(after)("sums to one after token %i, also where it is spread", (previous) => {
    stand(previous);
    const dense = plain.map((p) => p * overlay.left);
    const count = overlay.spread(dense, new Int32Array(size), 0);
    // Every token stood above zero already.
    expect(count).toBe(0);
    let sum = 0;
    plain.forEach((p, token) => {
      const over = overlay.over(token, p);
      expect(dense[token]).toBeCloseTo(over, 14);
      sum += over;
    });
    expect(Math.abs(sum - 1)).toBeLessThan(1e-12);
  });

  it("lists the tokens that stood at zero, each once", () => {
    stand(END);
    const dense = new Float64Array(size);
    const touched = new Int32Array(size + 1);
    touched[0] = id(" slept");
    dense[id(" slept")] = 1;
    const count = overlay.spread(dense, touched, 1);
    expect([...touched.subarray(0, count)].sort()).toEqual(
      Array.from(dense.keys())
        .filter((token) => dense[token]! > 0)
        .sort(),
    );
  });

  it.each(after)("draws as often as it says, after token %i", (previous) => {
    stand(previous);
    const random = Stream.root(2).derive("overlay");
    const n = 20_000;
    const counts = new Int32Array(size);
    let below = 0;
    for (let i = 0; i < n; i++) {
      const token = overlay.draw(() => random.next());
      if (token < 0) below++;
      else counts[token]!++;
    }
    const near = (count: number, p: number) =>
      expect(Math.abs(count - n * p)).toBeLessThan(5 * Math.sqrt(n * p * (1 - p)) + 1e-6);
    near(below, overlay.left);
    plain.forEach((p, token) => {
      near(counts[token]!, Math.max(0, overlay.over(token, p) - overlay.left * p));
    });
  });

  it("depends neither on what was asked for before nor on other exemplars", () => {
    const others = new ExemplarCache(texts.slice(1), rarity, vocabulary);
    const along = (asked: readonly number[]) => {
      overlay.begin(others);
      overlay.stand(END, vocabulary.tails[END]!);
      return asked.map((token) => {
        const over = [overlay.over(token, 0.25), overlay.over(END, 0.25), overlay.over(token, 0.25)];
        overlay.stand(token, vocabulary.tails[token]!);
        return [...over, overlay.left];
      });
    };
    const text = [id("the"), id(" dog"), id(" on"), id(".")];
    const expected = along(text);
    stand(id(" on"));
    for (const token of text) overlay.over(token, 0.5);
    expect(along(text)).toEqual(expected);
    stand(id(" on"));
    // " on" is among the first exemplars' tokens, not among the others'.
    overlay.begin(others);
    overlay.stand(id(" on"), vocabulary.tails[id(" on")]!);
    expect(overlay.left).toBe(1 - ETA);
  });

  it("changes nothing without exemplars", () => {
    overlay.begin(null);
    overlay.stand(END, vocabulary.tails[END]!);
    expect(overlay.over(3, 0.25)).toBe(0.25);
    expect(overlay.left).toBe(1);
    expect(overlay.draw(() => 0)).toBe(-1);
    expect(overlay.spread(new Float64Array(size), new Int32Array(size), 4)).toBe(4);
  });
});
