import { describe, expect, it } from "vitest";
import type { PopulationRecord } from "../../core/record.ts";
import { describeGroups } from "./describe.ts";
import { countHabits, habitPhrases } from "./style.ts";
import { distinctiveTerms, documentCounts, wordsOf } from "./terms.ts";

const limits = { terms: 5, habits: 3, contexts: 2 };

function records(texts: readonly string[], context = "a place"): PopulationRecord[] {
  return texts.map((text, i) => ({ id: `${context}${i}`, context: { text: context, label: null }, text }));
}

const loud = records(["Wow!! The espresso here!", "Best espresso ever!!", "Go for the espresso, now!"], "a cafe");
const quiet = records(
  [
    "I walked along the river in the morning, and I found my bench empty.",
    "I sat by the river for an hour, with my book and my thoughts.",
    "My dog and I know every bend of the river, I should say.",
  ],
  "a park",
);

describe("describeGroups", () => {
  const [first, second] = describeGroups(
    [...loud, ...quiet],
    [
      [0, 1, 2],
      [3, 4, 5],
    ],
    limits,
  );

  it("tells length, habits, favourite words and usual contexts in sentences", () => {
    expect(first).toMatch(/^Someone who writes about \d words, .*uses exclamation marks.*\./);
    expect(first).toContain("Favourite words: espresso");
    expect(first).toContain("Writes more than others about: a cafe.");
    expect(second).toMatch(/speaks in the first person/);
    expect(second).toMatch(/Favourite words: .*river/);
    expect(second).not.toContain("exclamation");
  });

  it("is the same every time", () => {
    expect(
      describeGroups(
        [...loud, ...quiet],
        [
          [0, 1, 2],
          [3, 4, 5],
        ],
        limits,
      ),
    ).toEqual([first, second]);
  });

  it("has something to say of a group that is everybody, and of texts without words", () => {
    expect(describeGroups(loud, [[0, 1, 2]], limits)[0]).toMatch(/^Someone who writes about \d words\./);
    expect(describeGroups(records(["...", "!"]), [[0], [1]], limits)[0]).toMatch(/^Someone who writes about/);
  });
});

describe("habitPhrases", () => {
  it("names what differs, strongest first, and nothing where all are alike", () => {
    const all = [...loud, ...quiet].map((r) => countHabits(r.text));
    expect(habitPhrases(all.slice(0, 3), all, 2)).toHaveLength(2);
    expect(habitPhrases(all, all, 5)).toEqual([]);
  });
});

describe("distinctiveTerms", () => {
  it("prefers words of the group over words that everybody uses", () => {
    const all = [...loud, ...quiet].map((r) => wordsOf(r.text));
    const terms = distinctiveTerms(documentCounts(all.slice(0, 3)), documentCounts(all), 3, 3);
    expect(terms[0]).toBe("espresso");
    expect(terms).not.toContain("the");
  });
});
