import { InputError } from "../../core/errors.ts";
import { contextKey, type PopulationRecord } from "../../core/record.ts";
import { Stream } from "../../core/stream.ts";
import { learnBase } from "./base-distribution.ts";
import { cluster, groupMeans, scaleRows } from "./clusters.ts";
import { ContextWords } from "./context-words.ts";
import { encode } from "./decoder.ts";
import { facetsOf, findFacets } from "./facets.ts";
import { contextTerms, type SparseVector, TermSpace, textTerms } from "./features.ts";
import { Gate } from "./gate.ts";
import { LengthHazard } from "./length-hazard.ts";
import { chooseMainstream } from "./mainstream.ts";
import { Manners } from "./manners.ts";
import type { MixtureParts } from "./mixture.ts";
import { NgramCounter, type Smoothing } from "./ngram-counter.ts";
import type { NgramTable } from "./ngram-table.ts";
import {
  EXPERT,
  GATE,
  HELD_OUT_EVERY,
  MAINSTREAM,
  MIXTURE,
  SPELLING_SHARE,
  type TrainingSettings,
} from "./settings.ts";
import { Speller } from "./speller.ts";
import { core, holdsWord, tokenize } from "./tokenizer.ts";
import { ESCAPES, escapeOf, Vocabulary } from "./vocabulary.ts";
import { findWordClasses } from "./word-classes.ts";

/** Everything learned from a background. */
export interface Trained {
  readonly parts: MixtureParts;
  readonly speller: Speller;
  readonly gate: Gate;
  readonly general: NgramTable;
  /** By facet of the gate. */
  readonly facets: readonly NgramTable[];
  readonly mainstreamFacets: readonly (NgramTable | null)[];
  /** By topic; null for a topic without texts. None where there are facets. */
  readonly topics: readonly (NgramTable | null)[];
  readonly manners: readonly (NgramTable | null)[];
  readonly mainstream: NgramTable;
  readonly mainstreamTopics: readonly (NgramTable | null)[];
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
  const clusters = findClusters(read, terms, settings);
  const expertOrder = Math.min(settings.order, EXPERT.order);
  const expert = (members: readonly Int32Array[], smoothing: Smoothing): NgramTable | null => {
    if (members.length === 0) return null;
    const counts = new NgramCounter(
      expertOrder,
      vocabulary.size,
      members.reduce((sum, text) => sum + text.length, 0) * (expertOrder - 1),
    );
    for (const text of members) counts.add(text);
    return counts.smooth(smoothing);
  };
  const plain: Smoothing = { kind: "absolute", discount: EXPERT.discount, power: 1 };
  const sharp: Smoothing = { kind: "absolute", discount: MAINSTREAM.discount, power: MAINSTREAM.power };
  const { order } = settings;
  const { topicSizes, manners: styles, facets: found } = clusters.gate.parts;
  const select = (belongs: (i: number) => boolean) => texts.filter((_, i) => belongs(i));
  const typical = (i: number) => clusters.mainstream[i] === 1;
  // Where contexts have facets, these stand for the topics.
  const topicNumbers = found.length > 0 ? [] : Array.from(topicSizes.keys());
  const topics = topicNumbers.map((t) =>
    expert(
      select((i) => clusters.topics[i] === t),
      plain,
    ),
  );
  const manners = Array.from(styles.shares, (_, m) =>
    expert(
      select((i) => clusters.styles[i] === m),
      plain,
    ),
  );
  const facets = found.map(
    ({ members }) =>
      expert(
        members.map((i) => texts[i]!),
        plain,
      )!,
  );
  const mainstream = expert(select(typical), sharp)!;
  const mainstreamTopics = topicNumbers.map((t) =>
    expert(
      select((i) => typical(i) && clusters.topics[i] === t),
      sharp,
    ),
  );
  const mainstreamFacets = found.map(({ members }) =>
    expert(
      members.filter(typical).map((i) => texts[i]!),
      sharp,
    ),
  );
  for (const experts of [topics, facets]) markAll(general, experts, topicBit);
  for (const experts of [mainstreamTopics, mainstreamFacets]) markAll(mainstream, experts, topicBit);
  markAll(general, manners, mannerBit);
  general.mark(mainstream, MAINSTREAM_BIT);
  return {
    parts: {
      order,
      vocabulary,
      base,
      hazard: LengthHazard.learn(texts, vocabulary.size),
      settings: MIXTURE,
    },
    speller: new Speller(distinctWords(vocabulary), vocabulary),
    gate: clusters.gate,
    general,
    facets,
    mainstreamFacets,
    topics,
    manners,
    mainstream,
    mainstreamTopics,
    rarity: rarities(texts, vocabulary),
    tokens: total,
    heldOut,
  };
}

/** Bit of the mainstream in the marks of the general table. */
export const MAINSTREAM_BIT = 31;

/** Bits of topics (and facets) and of manners in the marks of their backbones; some share one, which costs a look-up in vain. */
export function topicBit(topic: number): number {
  return topic % 16;
}

export function mannerBit(manner: number): number {
  return 16 + (manner % 15);
}

function markAll(
  backbone: NgramTable,
  experts: readonly (NgramTable | null)[],
  bitOf: (index: number) => number,
): void {
  experts.forEach((expert, i) => {
    if (expert !== null) backbone.mark(expert, bitOf(i));
  });
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

interface Found {
  readonly gate: Gate;
  readonly topics: Int32Array;
  /** Likeliest manner of each text. */
  readonly styles: Int32Array;
  readonly mainstream: Uint8Array;
}

/** Topics from texts and contexts together, manners from what the topic does not explain, the mainstream of each topic. */
function findClusters(
  read: readonly PopulationRecord[],
  terms: readonly string[][],
  settings: TrainingSettings,
): Found {
  const random = Stream.root(0).derive("embedded-model");
  const contexts = read.map((record) => contextTerms(record.context));
  const textSpace = new TermSpace(terms, Math.min(2, read.length));
  const contextSpace = new TermSpace(contexts, 1);
  const textVectors = terms.map((list) => textSpace.vector(list));
  const contextVectors = contexts.map((list) => contextSpace.vector(list));
  const width = textSpace.width + contextSpace.width;
  const joint = textVectors.map((text, i) => join(text, contextVectors[i]!, textSpace.width));
  // A few contexts, each with many texts: one topic a context. One context for all: topics of the texts alone.
  const distinct = new Set(read.map((record) => contextKey(record.context))).size;
  const wanted = distinct > 1 ? Math.min(settings.topics, distinct) : settings.topics;
  const found = cluster(joint, width, wanted, random.derive("topics"));
  const topics = found.assignments;
  const topicTexts = scaleRows(groupMeans(textVectors, topics, found.count, textSpace.width), textSpace.width);
  const facets = findFacets(contexts, textVectors, textSpace.width, settings.topics);
  const numbers = terms.map((list) => textSpace.numbers(list));
  const contextWords = new ContextWords(numbers, textSpace.width, facets);
  const writings = numbers.map((list, i) => ({
    terms: list,
    expected: contextWords.expected(list, facetsOf(facets, contexts[i]!)),
  }));
  const manners = Manners.learn(writings, contextWords.background, settings.manners, random.derive("manners"));
  const gate = new Gate(
    {
      textSpace,
      contextSpace,
      topicSizes: found.sizes,
      topicContexts: groupMeans(contextVectors, topics, found.count, contextSpace.width),
      topicTexts,
      facets,
      contextWords,
      manners,
    },
    GATE,
  );
  const mainstream = chooseMainstream(textVectors, terms, topics, topicTexts, textSpace.width, MAINSTREAM.share);
  const styles = Int32Array.from(writings, (writing) => manners.assign(writing));
  return { gate, topics, styles, mainstream };
}

/** Share of the squared length that the context has where there are both. */
const CONTEXT_SHARE = 0.9;

/** Text and context side by side; each of length 1 before, the whole of length 1 after. */
function join(text: SparseVector, context: SparseVector, offset: number): SparseVector {
  const both = text.indices.length > 0 && context.indices.length > 0;
  const textScale = both ? Math.sqrt(1 - CONTEXT_SHARE) : 1;
  const contextScale = both ? Math.sqrt(CONTEXT_SHARE) : 1;
  const indices = new Int32Array(text.indices.length + context.indices.length);
  const values = new Float64Array(indices.length);
  indices.set(text.indices);
  values.set(text.values.map((value) => value * textScale));
  indices.set(
    context.indices.map((index) => index + offset),
    text.indices.length,
  );
  values.set(
    context.values.map((value) => value * contextScale),
    text.indices.length,
  );
  return { indices, values };
}
