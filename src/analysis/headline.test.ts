import { describe, expect, it } from "vitest";
import type { ComparisonRow } from "../core/result.ts";
import { headlineSentence, headlines } from "./headline.ts";
import { resultRow } from "./test-rows.ts";

const seen: Readonly<Record<string, number>> = { "zero-shot": 0, persona: 0, "few-shot": 400, mop: 400, lonely: 0 };
const realTextsSeen = (_dataset: string | null, model: string | null, method: string) =>
  model === null ? null : (seen[method] ?? null);

const row = (method: string, value: number | null, parts = {}) => resultRow({ method, value, repeat: null, ...parts });
const compared = (method: string, baseline: string, pValue: number | null, parts = {}): ComparisonRow => ({
  ...row(method, 0.1, parts),
  baseline,
  difference: -0.01,
  pValue,
  verdict: pValue === null ? "not enough data" : pValue <= 0.05 ? "improvement" : "no detectable change",
});

describe("headlines", () => {
  it("names a winner in a tier only when it beats the next one", () => {
    const rows = [
      row("zero-shot", 0.4),
      row("persona", 0.2),
      row("few-shot", 0.12),
      row("mop", 0.11),
      row("real", 0.05),
    ];
    const [none, real] = headlines(
      rows,
      [compared("persona", "zero-shot", 0.0002), compared("mop", "few-shot", 0.41)],
      "fid",
      realTextsSeen,
    );
    expect([none?.tier, none?.winner]).toEqual(["no real texts", "persona"]);
    expect(headlineSentence(none!)).toBe("Closest to real people: persona (next: zero-shot, p < 0.001).");
    expect([real?.tier, real?.winner]).toEqual(["real texts", null]);
    expect(headlineSentence(real!)).toBe(
      "No method is detectably closer: mop and few-shot cannot be told apart (p = 0.41).",
    );
  });

  it("does not let a win over the last make a winner", () => {
    const rows = [row("zero-shot", 0.4), row("persona", 0.2), row("lonely", 0.21)];
    const comparisons = [compared("persona", "zero-shot", 0.001), compared("persona", "lonely", 0.2)];
    const [headline] = headlines(rows, comparisons, "fid", realTextsSeen);
    expect(headline?.winner).toBeNull();
    expect(headline?.tied).toEqual(["persona", "lonely"]);
  });

  it("never speaks over encoders or models", () => {
    const rows = ["a", "b"].flatMap((encoder) =>
      ["m", "n"].flatMap((model) => [
        row("zero-shot", 0.4, { encoder, model }),
        row("persona", 0.2, { encoder, model }),
      ]),
    );
    const found = headlines(
      rows,
      [compared("persona", "zero-shot", 0.01, { encoder: "a", model: "m" })],
      "fid",
      realTextsSeen,
    );
    expect(found.map(({ encoder, model, winner }) => [encoder, model, winner])).toEqual([
      ["a", "m", "persona"],
      ["a", "n", null],
      ["b", "m", null],
      ["b", "n", null],
    ]);
  });

  it("passes over references, single repeats and missing values, and has nothing to say of one method", () => {
    const rows = [
      resultRow({ method: "mop" }),
      row("real", 0.01, { model: null }),
      row("zero-shot", null),
      row("persona", 0.2),
    ];
    const found = headlines(rows, [], "fid", realTextsSeen);
    expect(found).toHaveLength(1);
    expect(headlineSentence(found[0]!)).toBe("Only persona: nothing to compare it with.");
  });

  it("says when there is too little data", () => {
    const rows = [row("zero-shot", 0.4), row("persona", 0.2)];
    const [headline] = headlines(rows, [compared("persona", "zero-shot", null)], "fid", realTextsSeen);
    expect(headlineSentence(headline!)).toContain("too little data to compare persona and zero-shot");
  });
});
