import { InputError, type PopulationRecord, Stream } from "../ports.ts";
import { findClusters } from "./background-clusters.ts";
import { learnBase } from "./base-distribution.ts";
import { encode } from "./decoder.ts";
import { ExpertTables } from "./expert-tables.ts";
import { textTerms } from "./features.ts";
import type { Gate } from "./gate.ts";
import { LengthHazard } from "./length-hazard.ts";
import { readPolite } from "./mainstream.ts";
import type { MixtureParts } from "./mixture.ts";
import { NgramCounter, type Smoothing } from "./ngram-counter.ts";
import type { NgramTable } from "./ngram-table.ts";
import { EXPERT, HELD_OUT_EVERY, MAINSTREAM, MIXTURE, SPELLING_SHARE, type TrainingSettings } from "./settings.ts";
import { Speller } from "./speller.ts";
import { core, holdsWord, tokenize } from "./tokenizer.ts";
import { ESCAPES, escapeOf, Vocabulary } from "./vocabulary.ts";
import { findWordClasses } from "./word-classes.ts";

/** Everything learned from a background. */
export interface Trained {
  readonly parts: MixtureParts;
  readonly speller: Speller;
  readonly gate: Gate;
  /** Numbers of experts, by facet, topic and manner of the gate; -1 for one without texts. No topics where there are facets. */
  readonly facets: readonly number[];
  readonly topics: readonly number[];
  readonly manners: readonly number[];
  readonly mainstream: number;
  readonly mainstreamFacets: readonly number[];
  readonly mainstreamTopics: readonly number[];
  /** Weight of each token in the exemplars' unigram: ln of texts over texts that have it. */
  readonly rarity: Float64Array;
  /** Tokens read, ends included. */
  readonly tokens: number;
  /** Never read: for the choice of one setting and for the perplexity reported. */
  readonly heldOut: readonly PopulationRecord[];
}

/**
 * Learns a model from the background. A function of the records, their order and the settings alone.
 * @throws InputError when fewer than two texts are not empty.
 */
export function train(background: readonly PopulationRecord[], settings: TrainingSettings): Trained {
  const usable = background.filter((record) => record.text.trim() !== "");
  if (usable.length < 2) {
    throw new InputError(
      `The embedded models learn from the dataset's background part, which has ${usable.length === 0 ? "no text" : "one text"}; ` +
        "they need at least 2. Give a larger dataset, or use another model (such as openai: or transformers:).",
    );
  }
  const every = Math.min(HELD_OUT_EVERY, usable.length);
  const heldOut = usable.filter((_, i) => i % every === every - 1);
  const read = usable
    .filter((_, i) => i % every !== every - 1)
    .filter((_, i) => Math.floor((i + 1) * settings.share) > Math.floor(i * settings.share) || i === 0);
  const tokens = read.map((record) => tokenize(record.text));
  const vocabulary = new Vocabulary(new Set(tokens.flat()));
  const texts = read.map((record) => encode(record.text, vocabulary).ids);
  const occurrences = new Int32Array(vocabulary.size);
  for (const text of texts) for (const id of text) occurrences[id]!++;
  const total = texts.reduce((sum, text) => sum + text.length, 0);

  const stand = standIns(vocabulary, occurrences);
  const counter = new NgramCounter(settings.order, vocabulary.size, total * (settings.order - 1));
  for (const text of texts) {
    counter.add(text);
    for (let i = 1; i < text.length; i++) {
      if (stand[text[i - 1]!]! > 0) counter.addAfter(stand[text[i - 1]!]!, text[i]!);
    }
  }
  const classes = findWordClasses(
    texts,
    vocabulary,
    occurrences,
    settings.classes,
    Stream.root(0).derive("word-classes"),
  );
  const base = learnBase(vocabulary, classes, texts, counter.continuations, stand, SPELLING_SHARE);
  const general = counter.smooth({ kind: "kneser-ney" });

  const terms = tokens.map(textTerms);
  const clusters = findClusters(read, terms, readPolite(), settings);
  const expertOrder = Math.min(settings.order, EXPERT.order);
  const experts: NgramTable[] = [];
  /** Trains an expert on the texts chosen; its number, or -1 where there is none to read. */
  const learn = (smoothing: Smoothing, chosen: (i: number) => boolean): number => {
    const members = texts.filter((_, i) => chosen(i));
    if (members.length === 0) return -1;
    const length = members.reduce((sum, text) => sum + text.length, 0);
    const counts = new NgramCounter(expertOrder, vocabulary.size, length * (expertOrder - 1));
    for (const text of members) counts.add(text);
    return experts.push(counts.smooth(smoothing)) - 1;
  };
  const plain: Smoothing = { kind: "absolute", discount: EXPERT.discount, power: 1 };
  const sharp: Smoothing = { kind: "absolute", discount: MAINSTREAM.discount, power: MAINSTREAM.power };
  const { topicSizes, manners, facets } = clusters.gate.parts;
  const members = facets.map((facet) => new Set(facet.members));
  // Where contexts have facets, these stand for the topics.
  const topics = facets.length > 0 ? [] : Array.from(topicSizes.keys());
  const typical = (i: number) => clusters.mainstream[i] === 1;
  const numbers = {
    facets: members.map((has) => learn(plain, (i) => has.has(i))),
    topics: topics.map((t) => learn(plain, (i) => clusters.topics[i] === t)),
    manners: Array.from(manners.shares, (_, m) => learn(plain, (i) => clusters.styles[i] === m)),
    mainstream: learn(sharp, typical),
    mainstreamFacets: members.map((has) => learn(sharp, (i) => typical(i) && has.has(i))),
    mainstreamTopics: topics.map((t) => learn(sharp, (i) => typical(i) && clusters.topics[i] === t)),
  };
  return {
    ...numbers,
    parts: {
      tables: new ExpertTables(general, experts),
      vocabulary,
      base,
      hazard: LengthHazard.learn(texts, vocabulary.size),
      settings: MIXTURE,
    },
    speller: new Speller(distinctWords(vocabulary), vocabulary),
    gate: clusters.gate,
    rarity: rarities(texts, vocabulary),
    tokens: total,
    heldOut,
  };
}

/** For every token seen once, the escape it stands for: how the model learns what follows unknown words. */
function standIns(vocabulary: Vocabulary, occurrences: Int32Array): Int32Array {
  return Int32Array.from(occurrences, (count, id) =>
    count === 1 && id > ESCAPES.length ? escapeOf(vocabulary.textOf(id)) : 0,
  );
}

/** The vocabulary's words, each once, without space or apostrophe. */
function distinctWords(vocabulary: Vocabulary): string[] {
  const words = new Set<string>();
  for (let id = ESCAPES.length + 1; id < vocabulary.size; id++) {
    const token = vocabulary.textOf(id);
    if (holdsWord(token)) words.add(core(token).replace(/^['\u2019]/, ""));
  }
  return [...words];
}

function rarities(texts: readonly Int32Array[], vocabulary: Vocabulary): Float64Array {
  const within = new Int32Array(vocabulary.size);
  for (const text of texts) for (const id of new Set(text)) within[id]!++;
  return Float64Array.from(within, (count) => Math.log((1 + texts.length) / (1 + count)) + 1e-3);
}
