import type { Context, PopulationRecord } from "../../core/record.ts";
import { contextKey } from "../../core/record.ts";
import { type Clusters, similarities } from "./clusters.ts";
import { type Facet, facetsOf } from "./facets.ts";
import { contextTerms, dotRow, type SparseVector, type TermSpace, termsOf } from "./features.ts";
import { Lru } from "./lru.ts";
import { tokenize } from "./tokenizer.ts";

/** The clusters of the background and the spaces they were found in. */
export interface GateParts {
  readonly textSpace: TermSpace;
  readonly contextSpace: TermSpace;
  /** Clusters of what texts are about. */
  readonly topicSizes: Int32Array;
  /** Mean context vector of each topic, and unit mean text vector of each. */
  readonly topicContexts: Float64Array;
  readonly topicTexts: Float64Array;
  /** Clusters of how texts differ from their topic; group t is topic t, the last group the whole background. */
  readonly manners: Clusters;
  readonly facets: readonly Facet[];
}

/** How sharply evidence chooses. */
export interface GateSettings {
  readonly topicSharpness: number;
  readonly mannerSharpness: number;
  /** Weight of persona and exemplars against the task in choosing topics. */
  readonly hint: number;
  readonly activeTopics: number;
  readonly activeManners: number;
}

/** A choice among clusters: the heaviest few, weights summing to one. */
export interface Choice {
  readonly clusters: readonly number[];
  readonly weights: readonly number[];
}

interface TextEvidence {
  readonly topics: Float64Array;
  readonly manners: Float64Array;
  /** False where none of the words is known. */
  readonly present: boolean;
}

/**
 * What the prompt's slots say about topics and manners.
 *
 * topic t: `softmax(ln size_t + sharpness * (task_t + hint * mean of text_t))`, task_t the mean cosine of the task's context with
 * those of the topic's texts, text_t the cosine of persona or exemplar with the topic's mean text; manner m:
 * `softmax(ln size_m + sharpness * mean of cosines)`, an exemplar taken relative to its own topic, a persona to the whole background.
 */
export class Gate {
  readonly parts: GateParts;
  readonly settings: GateSettings;
  readonly #tasks = new Lru<string, Float64Array>(4096);
  readonly #facets = new Lru<string, readonly number[]>(4096);
  readonly #personas = new Lru<string, TextEvidence>(4096);
  readonly #exemplars = new Lru<string, TextEvidence>(8192);

  constructor(parts: GateParts, settings: GateSettings) {
    this.parts = parts;
    this.settings = settings;
  }

  /** The same clusters, chosen with other settings. */
  with(settings: Partial<GateSettings>): Gate {
    return new Gate(this.parts, { ...this.settings, ...settings });
  }

  topics(context: Context, persona: string | null, exemplars: readonly PopulationRecord[]): Choice {
    const { topicSizes } = this.parts;
    const { topicSharpness, hint, activeTopics } = this.settings;
    const hints = this.#hints(persona, exemplars);
    const task = this.#tasks.getOrMake(contextKey(context), () => this.#task(context));
    const logits = Float64Array.from(topicSizes, (size, t) => {
      let heard = 0;
      for (const evidence of hints) heard += evidence.topics[t]! / hints.length;
      return Math.log(size) + topicSharpness * (task[t]! + hint * heard);
    });
    return choose(logits, activeTopics);
  }

  /** The facets of the task's context, widest first; none where the model knows none of them. */
  facets(context: Context): readonly number[] {
    return this.#facets.getOrMake(contextKey(context), () => facetsOf(this.parts.facets, contextTerms(context)));
  }

  /** null where neither persona nor exemplar says anything. */
  manners(persona: string | null, exemplars: readonly PopulationRecord[]): Choice | null {
    const hints = this.#hints(persona, exemplars);
    if (hints.length === 0) return null;
    const { sizes } = this.parts.manners;
    const logits = Float64Array.from(sizes, (size, m) => {
      let heard = 0;
      for (const evidence of hints) heard += evidence.manners[m]! / hints.length;
      return Math.log(size) + this.settings.mannerSharpness * heard;
    });
    return choose(logits, this.settings.activeManners);
  }

  /** Whether the persona's description shares a word with the background. */
  hears(persona: string): boolean {
    return this.#persona(persona).present;
  }

  #hints(persona: string | null, exemplars: readonly PopulationRecord[]): TextEvidence[] {
    const hints: TextEvidence[] = [];
    if (persona !== null) hints.push(this.#persona(persona));
    for (const { text } of exemplars) hints.push(this.#exemplars.getOrMake(text, () => this.#text(text, true)));
    return hints.filter((evidence) => evidence.present);
  }

  #persona(persona: string): TextEvidence {
    return this.#personas.getOrMake(persona, () => this.#text(persona, false));
  }

  #task(context: Context): Float64Array {
    const vector = this.parts.contextSpace.vector(contextTerms(context));
    return this.#scores(vector, this.parts.topicContexts, this.parts.contextSpace.width);
  }

  #text(text: string, relative: boolean): TextEvidence {
    const { textSpace, topicTexts, manners } = this.parts;
    const vector = textSpace.vector(termsOf(tokenize(text)));
    const topics = this.#scores(vector, topicTexts, textSpace.width);
    let group = topics.length;
    if (relative) {
      group = 0;
      for (let t = 1; t < topics.length; t++) if (topics[t]! > topics[group]!) group = t;
    }
    const scores = new Float64Array(manners.count);
    similarities(manners, vector, group, scores);
    return { topics, manners: scores, present: vector.indices.length > 0 };
  }

  #scores(vector: SparseVector, rows: Float64Array, width: number): Float64Array {
    return Float64Array.from(this.parts.topicSizes, (_, t) => dotRow(vector, rows, width, t));
  }
}

/** The heaviest entries of a softmax, renormalised. */
function choose(logits: Float64Array, active: number): Choice {
  const clusters = Array.from(logits.keys())
    .filter((i) => logits[i]! > -Infinity)
    .sort((a, b) => logits[b]! - logits[a]! || a - b)
    .slice(0, active);
  const top = logits[clusters[0]!]!;
  const raised = clusters.map((i) => Math.exp(logits[i]! - top));
  const total = raised.reduce((sum, value) => sum + value, 0);
  return { clusters, weights: raised.map((value) => value / total) };
}
