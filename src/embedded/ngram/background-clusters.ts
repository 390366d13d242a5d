import { contextKey, type PopulationRecord, Stream } from "../ports.ts";
import { cluster, groupMeans, scaleRows } from "./clusters.ts";
import { ContextWords } from "./context-words.ts";
import { facetsOf, findFacets } from "./facets.ts";
import { contextTerms, type SparseVector, TermSpace } from "./features.ts";
import { Gate } from "./gate.ts";
import { chooseMainstream } from "./mainstream.ts";
import { Manners } from "./manners.ts";
import { GATE, MAINSTREAM, type TrainingSettings } from "./settings.ts";

/** How the background divides. */
export interface BackgroundClusters {
  readonly gate: Gate;
  /** Topic of each text. */
  readonly topics: Int32Array;
  /** Likeliest manner of each text. */
  readonly styles: Int32Array;
  /** 1 for the texts of the mainstream. */
  readonly mainstream: Uint8Array;
}

/** Topics from texts and contexts together, manners from what the topic does not explain, the mainstream of each topic. */
export function findClusters(
  read: readonly PopulationRecord[],
  terms: readonly string[][],
  polite: ReadonlySet<string>,
  settings: TrainingSettings,
): BackgroundClusters {
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
  const mainstream = chooseMainstream(
    textVectors,
    terms,
    topics,
    topicTexts,
    textSpace.width,
    polite,
    MAINSTREAM.share,
  );
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
