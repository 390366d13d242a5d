import type { PopulationRecord } from "../../core/record.ts";
import { Stream } from "../../core/stream.ts";

/**
 * A small population for tests: two kinds of people (terse grumblers, gushing optimists) write about two kinds of places.
 * `owner` is 0 or 1; ids are `<owner>-<index>`.
 */
export function testCorpus(size: number, seed = 1): PopulationRecord[] {
  const random = Stream.root(seed).derive("test-corpus");
  const places = [
    { name: "cafe", nouns: ["coffee", "cake", "table", "barista", "menu", "espresso", "muffin"] },
    { name: "museum", nouns: ["painting", "guide", "gallery", "ticket", "statue", "exhibit", "hall"] },
  ];
  const voices = [
    {
      words: ["dull", "slow", "overpriced", "cold", "noisy", "grim"],
      forms: ["The # was *.", "* #, and late.", "I waited for the #.", "Won't go back.", "Don't bother with the #."],
      most: 3,
    },
    {
      words: ["lovely", "charming", "wonderful", "delightful", "splendid", "warm"],
      forms: [
        "Oh, the # was so *!",
        "We adored every single # and the * smiles!",
        "What a * # it was, really!",
        "My sister said the # is the most * one in town!",
        "Thank you for the * #!",
      ],
      most: 5,
    },
  ];
  return Array.from({ length: size }, (_, i) => {
    const owner = random.int(2);
    const place = random.pick(places);
    const voice = voices[owner]!;
    const sentences = Array.from({ length: 1 + random.int(voice.most) }, () => {
      const filled = random
        .pick(voice.forms)
        .replace("#", random.pick(place.nouns))
        .replace("*", random.pick(voice.words));
      return filled[0]!.toUpperCase() + filled.slice(1);
    });
    return {
      id: `${owner}-${i}`,
      context: { text: `a review of a ${place.name}`, label: null },
      text: sentences.join(" "),
    };
  });
}

/** Position of the writer among the two. */
export function ownerOf(record: PopulationRecord): number {
  return Number(record.id[0]);
}
