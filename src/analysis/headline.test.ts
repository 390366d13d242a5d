import { describe, expect, it } from "vitest";
import type { ComparisonRow, ResultRow } from "../core/result.ts";
import { resultRow } from "../testing/rows.ts";
import { floorSentence } from "./floor.ts";
import { headlineSentence, headlines } from "./headline.ts";

const seen: Readonly<Record<string, number>> = { "zero-shot": 0, persona: 0, "few-shot": 400, mop: 400, lonely: 0 };
const realTextsSeen = (_dataset: string | null, model: string | null, method: string) =>
  model === null ? null : (seen[method] ?? null);

const row = (method: string, value: number | null, parts = {}) => resultRow({ method, value, repeat: null, ...parts });
/** @param populationPValue as the swap test's unless told. */
const compared = (
  method: string,
  baseline: string,
  pValue: number | null,
  parts = {},
  populationPValue = pValue,
): ComparisonRow => {
  const larger = Math.max(pValue ?? 1, populationPValue ?? 1);
  const verdict = pValue === null ? "not enough data" : larger <= 0.05 ? "improvement" : "no detectable change";
  return { ...row(method, 0.1, parts), baseline, difference: -0.01, pValue, populationPValue, verdict };
};

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

  it("names nobody when only this gold set tells the two nearest apart", () => {
    const rows = [row("zero-shot", 0.4), row("persona", 0.2)];
    const comparisons = [compared("persona", "zero-shot", 0.003, {}, 0.21)];
    const [headline] = headlines(rows, comparisons, "fid", realTextsSeen);
    expect(headline?.winner).toBeNull();
    expect(headlineSentence(headline!)).toBe(
      "No method is detectably closer: persona and zero-shot can be told apart on these people (p = 0.003), not on others of the population (p = 0.21).",
    );
  });

  it("gives the larger p-value, since both tests must say so", () => {
    const rows = [row("zero-shot", 0.4), row("persona", 0.2)];
    const sentence = (comparison: ComparisonRow) =>
      headlineSentence(headlines(rows, [comparison], "fid", realTextsSeen)[0]!);
    expect(sentence(compared("persona", "zero-shot", 0.0001, {}, 0.02))).toContain("(next: zero-shot, p = 0.020)");
    expect(sentence(compared("persona", "zero-shot", 0.3, {}, 0.02))).toContain("cannot be told apart (p = 0.30)");
  });

  it("reads files that were written before the second test", () => {
    const rows = [row("zero-shot", 0.4), row("persona", 0.2)];
    const { populationPValue: _, ...old } = compared("persona", "zero-shot", 0.01);
    const comparisons: ComparisonRow[] = JSON.parse(JSON.stringify([old]));
    expect(headlineSentence(headlines(rows, comparisons, "fid", realTextsSeen)[0]!)).toContain(
      "persona (next: zero-shot",
    );
  });

  it("names no method that scores no better than shuffled words, and says so first", () => {
    const floor = row("shuffled", 0.295, { model: null });
    const rows = [row("zero-shot", 0.41), row("persona", 0.329), row("few-shot", 0.1), row("mop", 0.05), floor];
    const comparisons = [compared("persona", "zero-shot", 0.001), compared("mop", "few-shot", 0.001)];
    const [none, real] = headlines(rows, comparisons, "fid", realTextsSeen);
    expect(none?.winner).toBeNull();
    expect(headlineSentence(none!)).toBe(
      "No method is named: the nearest, persona, scores no better than people's words in random order.",
    );
    expect(real?.winner).toBe("mop");
    expect(real?.floor).toEqual(none?.floor);
    expect(floorSentence(none!.floor!, "FID", (value) => value.toFixed(3))).toBe(
      "FID with embedded:lsa cannot tell here: people's words in random order (0.295) score no worse than persona (0.329) and zero-shot (0.410).",
    );
  });

  it("has no remark where shuffled words are worse than every method, whatever the direction, nor for another encoder's floor", () => {
    const remark = (rows: readonly ResultRow[]) => headlines(rows, [], "fid", realTextsSeen)[0]?.floor ?? null;
    const floor = (value: number | null, parts = {}) => row("shuffled", value, { model: null, ...parts });
    expect(remark([row("persona", 0.2), floor(0.21)])).toBeNull();
    expect(remark([row("persona", 0.2), floor(0.2)])?.methods).toHaveLength(1);
    expect(remark([row("persona", 0.2), floor(null)])).toBeNull();
    expect(remark([row("persona", 0.2), floor(0.1, { encoder: "other" })])).toBeNull();
    const higher = { better: "higher" };
    expect(remark([row("persona", 0.2, higher), floor(0.1, higher)])).toBeNull();
    expect(remark([row("persona", 0.2, higher), floor(0.3, higher)])?.methods).toHaveLength(1);
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
