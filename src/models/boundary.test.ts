import { describe, expect, it } from "vitest";
import { continuationScore, type ShownToken } from "./boundary.ts";

const shown = (...tokens: [string, number | null][]): ShownToken[] => tokens.map(([id, logprob]) => ({ id, logprob }));

describe("continuationScore", () => {
  it("sums the continuation's tokens where the prompt's tokens begin the whole", () => {
    const scored = continuationScore(
      shown(["a", null], ["b", -1]),
      shown(["a", null], ["b", -1], ["c", -2], ["d", -0.5]),
    );
    expect([...scored.tokens]).toEqual([-2, -0.5]);
    expect(scored).toMatchObject({ total: -2.5, tokensIn: 6 });
  });

  it("is log p(whole) - log p(prompt) where tokens merge across the boundary", () => {
    const scored = continuationScore(
      shown(["a", null], ["t", -1], ["h", -3]),
      shown(["a", null], ["the", -5], ["end", -2]),
    );
    expect([...scored.tokens]).toEqual([-1, -2]);
    expect(scored.total).toBe(-3);
  });

  it("never reads a missing value as zero", () => {
    const prompt = shown(["a", null]);
    expect(() => continuationScore(prompt, shown(["a", null], ["b", null]))).toThrow(/no log-probability/);
    expect(() => continuationScore(prompt, shown(["a", null], ["b", Number.NaN]))).toThrow(/no log-probability/);
    expect(() => continuationScore(prompt, prompt)).toThrow(/added no token/);
  });
});
