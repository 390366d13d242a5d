import type { Stream } from "../../src/core/stream.ts";
import { splitTokens } from "../../src/core/tokens.ts";

/** A text and the topic it is about. */
export interface Note {
  readonly text: string;
  readonly topic: string;
}

/** What damages may draw from: honest notes that are in no set. */
export interface Spares {
  /** More notes of the population. */
  readonly notes: readonly Note[];
  /** The texts that a method's prompts could show. */
  readonly exemplars: readonly string[];
  /** The set everything is scored against. */
  readonly gold: readonly string[];
}

/** One known damage done to an honest set. */
export interface Damage {
  readonly id: string;
  /** The column's head. */
  readonly title: string;
  /** What is done, exactly. */
  readonly meaning: string;
  /** Texts after the damage, as many as before. */
  apply(notes: readonly Note[], spares: Spares, random: Stream): string[];
}

const SHARE = 0.25;
/** How many texts a collapsed set says over and over. */
const MODES = 5;

/** The damages, in the order of the table's columns. */
export const damages: readonly Damage[] = [
  {
    id: "collapse",
    title: "collapse",
    meaning: `${SHARE * 100} % of the texts are replaced by ${MODES} texts of the set, word for word`,
    apply: (notes, _spares, random) => replaceShare(notes, random, modes(notes, random)),
  },
  {
    id: "near-collapse",
    title: "near collapse",
    meaning: `the same, but each repetition lacks three words, at random: no two texts are equal`,
    apply: (notes, _spares, random) => {
      const repeated = modes(notes, random);
      const seen = new Set<string>();
      return replaceShare(notes, random, (i) => {
        let text: string;
        do text = dropWords(repeated(i), 3, random);
        while (seen.has(text));
        seen.add(text);
        return text;
      });
    },
  },
  missing("missing-topic", "a topic missing", 1),
  missing("missing-half", "half the topics missing", 5),
  {
    id: "exemplars",
    title: "copied exemplars",
    meaning: `${SHARE * 100} % of the texts are exemplars, word for word, each once`,
    apply: (notes, { exemplars }, random) => replaceShare(notes, random, (i) => exemplars[i]!),
  },
  {
    id: "gold",
    title: "copied gold",
    meaning: `${SHARE * 100} % of the texts are gold texts, word for word, each once (the test set has leaked)`,
    apply: (notes, { gold }, random) => replaceShare(notes, random, (i) => gold[i]!),
  },
  {
    id: "halved",
    title: "half as long",
    meaning: "every text ends after the first half of its words",
    apply: (notes) => notes.map(({ text }) => firstHalf(text)),
  },
  {
    id: "doubled",
    title: "twice as long",
    meaning: "another text of the population about the same topic is added to every text",
    apply: (notes, { notes: spare }) => {
      const queues = new Map<string, string[]>();
      for (const { text, topic } of spare) queues.set(topic, [...(queues.get(topic) ?? []), text]);
      return notes.map(({ text, topic }) => `${text} ${queues.get(topic)!.pop()!}`);
    },
  },
  {
    id: "noise",
    title: "noise",
    meaning: `${SHARE * 100} % of the words, at random, are replaced by words of gold, drawn as often as gold says them`,
    apply: (notes, { gold }, random) => {
      const words = gold.flatMap(splitTokens);
      const noisy = (word: string) => (random.next() < SHARE ? random.pick(words) : word);
      return notes.map(({ text }) => splitTokens(text).map(noisy).join(" "));
    },
  },
  {
    id: "shuffled",
    title: "word order",
    meaning: "the words of every text stand in random order",
    apply: (notes, _spares, random) =>
      notes.map(({ text }) => {
        const words = splitTokens(text);
        return Array.from(random.permutation(words.length), (i) => words[i]!).join(" ");
      }),
  },
];

/** The first topics by name are missing. */
function missing(id: string, title: string, count: number): Damage {
  return {
    id,
    title,
    meaning: `every text about ${count === 1 ? "one topic" : `${count} topics`} of ten is replaced by one about another`,
    apply: (notes, { notes: spare }) => {
      const gone = new Set([...new Set(spare.map((note) => note.topic))].sort().slice(0, count));
      const others = spare.filter((note) => !gone.has(note.topic));
      return notes.map((note) => (gone.has(note.topic) ? others.pop()! : note).text);
    },
  };
}

/** Replaces a random share of the texts; `by(i)` is the i-th replacement. */
function replaceShare(notes: readonly Note[], random: Stream, by: (i: number) => string): string[] {
  const texts = notes.map((note) => note.text);
  const places = random.permutation(texts.length).subarray(0, Math.round(SHARE * texts.length));
  for (const [i, place] of places.entries()) texts[place] = by(i);
  return texts;
}

function modes(notes: readonly Note[], random: Stream): (i: number) => string {
  const chosen = Array.from(random.permutation(notes.length).subarray(0, MODES), (i) => notes[i]!.text);
  return (i) => chosen[i % MODES]!;
}

function dropWords(text: string, count: number, random: Stream): string {
  const words = splitTokens(text);
  const dropped = new Set(random.permutation(words.length).subarray(0, count));
  return words.filter((_, i) => !dropped.has(i)).join(" ");
}

function firstHalf(text: string): string {
  const words = splitTokens(text);
  return words.slice(0, Math.max(1, words.length >> 1)).join(" ");
}
