import { describe, expect, it } from "vitest";
import { Stream } from "../core/stream.ts";
import { copyGroups, copyKey } from "./near-copies.ts";

const REVIEW =
  "We came for the soup and stayed for the view, which at sunset is the best thing in this town by far; the waiter, " +
  "a tall man with a dry wit, brought us bread twice without being asked and would not hear of tips.";

/** The same review with its word at a position changed. */
function edited(position: number): string {
  const words = REVIEW.split(" ");
  words[position] = "carrots";
  return words.join(" ");
}

const areCopies = (a: string, b: string) => {
  const [first, second] = copyGroups([a, b]);
  return first === second;
};

describe("copies in form", () => {
  it.each([
    ["case", "The Soup was COLD", "the soup was cold"],
    ["spaces inside", "the  soup \t was cold", "the soup was cold"],
    ["a final full stop", "the soup was cold.", "the soup was cold"],
    ["line ends", "the soup\r\nwas cold\r\n", "the soup\nwas cold"],
    ["several marks and a space at the end", "the soup was cold ...?! ", "the soup was cold"],
    ["a closing quote", "the soup was “cold”", "the soup was “cold"],
    ["compatibility forms", "the ﬁne soup ＡＢ…", "the fine soup ab"],
    ["a full stop of Chinese", "汤是凉的。", "汤是凉的"],
  ])("differ in %s only", (_, a, b) => {
    expect(copyKey(a)).toBe(copyKey(b));
    expect(areCopies(a, b)).toBe(true);
  });

  it("keep what makes a text: marks inside, accents, a text of marks alone", () => {
    expect(areCopies("good, not great", "good not great")).toBe(false);
    expect(areCopies("pate", "paté")).toBe(false);
    expect(areCopies(":)", ":(")).toBe(false);
    expect(areCopies("!!!", "")).toBe(false);
    expect(copyKey("so good 👍.")).toBe("so good 👍");
  });

  it("are looked for by equality alone below five words", () => {
    expect(areCopies("the soup was cold", "the soup was hot")).toBe(false);
    expect(copyGroups(["", "ok", "OK!", "", "fine"])).toEqual(Int32Array.from([0, 1, 1, 0, 2]));
    expect(copyGroups([])).toEqual(new Int32Array(0));
  });
});

describe("copies in content", () => {
  it("share four fifths of their runs of five words", () => {
    expect(REVIEW.split(" ")).toHaveLength(44);
    // 44 words have 40 runs. A changed word at an end touches one (39 of 41 shared), the fourth from it four (36 of 44), a
    // word inside five (35 of 45: less than 0.8).
    expect(areCopies(REVIEW, edited(0))).toBe(true);
    expect(areCopies(REVIEW, edited(3))).toBe(true);
    expect(areCopies(REVIEW, edited(40))).toBe(true);
    expect(areCopies(REVIEW, edited(20))).toBe(false);
    expect(areCopies(REVIEW, `${REVIEW} We shall come again.`)).toBe(true);
  });

  it("call a long text with one word changed in forty a copy at the bound, not below", () => {
    const words = Array.from({ length: 49 }, (_, i) => `w${i}`);
    const changed = (at: number, list = words) => list.map((word, i) => (i === at ? "x" : word)).join(" ");
    expect(areCopies(words.join(" "), changed(25))).toBe(true); // 45 runs: 40 of 50 shared, just 0.8
    const fewer = words.slice(0, 48);
    expect(areCopies(fewer.join(" "), changed(25, fewer))).toBe(false); // 44 runs: 39 of 49
  });

  it("leave two different reviews apart", () => {
    expect(
      areCopies(REVIEW, "We came for the soup and left before the view. The waiter would not bring us bread."),
    ).toBe(false);
  });

  it("count the characters of scripts without spaces as words", () => {
    const text = "这家餐厅的汤非常好喝服务员也很热情我们下次还会再来因为窗外的风景实在太美了朋友们都说价格公道";
    expect(areCopies(text, `${text}真的`)).toBe(true);
    expect(areCopies(text, "这家餐厅的汤不好喝服务员也不热情我们下次不会再来")).toBe(false);
    expect(areCopies("汤很好", "汤不好")).toBe(false);
  });

  it("reach a text through others, whatever the order", () => {
    const steps = [
      REVIEW,
      edited(0),
      `${edited(0)} And again, and again`,
      `${edited(0)} And again, and again, with friends`,
    ];
    const others = ["a text of its own that nobody else has written", "and one more, as lonely as the first"];
    const texts = [...steps, ...others];
    expect(areCopies(steps[0]!, steps[3]!)).toBe(false);
    expect(copyGroups(texts)).toEqual(Int32Array.from([0, 0, 0, 0, 1, 2]));
    expect(copyGroups(texts.toReversed())).toEqual(Int32Array.from([0, 1, 2, 2, 2, 2]));
  });
});

describe("the search", () => {
  it("finds what comparing all pairs finds", () => {
    const random = Stream.root(5).derive("near-copies");
    for (let round = 0; round < 20; round++) {
      const texts = noisyTexts(random, 60);
      expect(copyGroups(texts)).toEqual(byAllPairs(texts));
    }
  });
});

/** Texts of 3 to 40 words from a small vocabulary; half of them are an earlier one with a few words changed, cut or added. */
function noisyTexts(random: Stream, count: number): string[] {
  const word = () => `w${random.int(12)}`;
  const texts: string[][] = [];
  while (texts.length < count) {
    if (texts.length === 0 || random.next() < 0.5) texts.push(Array.from({ length: 3 + random.int(38) }, word));
    else {
      const copy = [...random.pick(texts)];
      for (let edit = random.int(3); edit >= 0; edit--) {
        const at = random.int(copy.length + 1);
        copy.splice(at, random.int(2), ...(random.next() < 0.5 ? [word()] : []));
      }
      texts.push(copy.length === 0 ? [word()] : copy);
    }
  }
  return texts.map((text) => text.join(" "));
}

/** The definition, word for word. */
function byAllPairs(texts: readonly string[]): Int32Array {
  const runs = texts.map((text) => {
    const words = text.split(" ");
    return new Set(words.slice(4).map((_, i) => words.slice(i, i + 5).join(" ")));
  });
  const similar = (a: number, b: number) => {
    const shared = [...runs[a]!].filter((run) => runs[b]!.has(run)).length;
    return shared > 0 && shared / (runs[a]!.size + runs[b]!.size - shared) >= 0.8;
  };
  const groups = new Int32Array(texts.length).fill(-1);
  let next = 0;
  for (let start = 0; start < texts.length; start++) {
    if (groups[start] !== -1) continue;
    const open = [start];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      groups[at] = next;
      for (let other = 0; other < texts.length; other++)
        if (groups[other] === -1 && (texts[at] === texts[other] || similar(at, other))) open.push(other);
    }
    next += 1;
  }
  return groups;
}
