import { describe, expect, it } from "vitest";
import { Stream } from "../../core/stream.ts";
import { LONGEST, NoteWriter, SHORTEST, wordCount } from "./compose.ts";
import { SCENES } from "./contexts.ts";
import { readTownWords } from "./town-words.ts";

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe("NoteWriter", () => {
  const words = readTownWords();
  const writer = new NoteWriter(words);
  const notes = words.residents.map((resident, k) =>
    SCENES.flatMap((scene, i) =>
      Array.from({ length: 12 }, (_, j) => writer.write(resident, scene, Stream.root(7).derive(k, i, j))),
    ),
  );

  it("writes 8 to 80 clean words, for every resident and scene", () => {
    for (const text of notes.flat()) {
      expect(wordCount(text)).toBeGreaterThanOrEqual(SHORTEST);
      expect(wordCount(text)).toBeLessThanOrEqual(LONGEST);
      expect(text).not.toMatch(/[{}[\]|*@]| {2}|undefined| [.,;]|\ba [aeio]\w|\b(\w{2,}) \1\b/i);
    }
  });

  it("is a function of resident, scene and stream", () => {
    const again = new NoteWriter(words).write(words.residents[3]!, SCENES[5]!, Stream.root(7).derive(3, 5, 2));
    expect(again).toBe(notes[3]![5 * 12 + 2]);
  });

  it("gives residents lengths of their own", () => {
    const lengths = new Map(words.residents.map(({ name }, k) => [name, mean(notes[k]!.map(wordCount))]));
    expect(lengths.get("Leonard")! / lengths.get("Tasha")!).toBeGreaterThan(1.8);
  });

  it("lets the stars show", () => {
    const share = (stars: number, pattern: RegExp) => {
      const texts = notes.flatMap((own) => own.filter((_, i) => SCENES[Math.floor(i / 12)]!.stars === stars));
      return texts.filter((text) => pattern.test(text)).length / texts.length;
    };
    const bad = /dreadful|terrible|awful|never again|not worth|poor|disappointing|avoid/i;
    expect(share(1, bad)).toBeGreaterThan(4 * share(5, bad));
  });
});
