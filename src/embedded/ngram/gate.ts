import { type Context, contextKey, type PopulationRecord } from "../ports.ts";
import type { ContextWords } from "./context-words.ts";
import { type Facet, facetsOf } from "./facets.ts";
import { contextTerms, dotRow, type SparseVector, type TermSpace, termsOf, textTerms } from "./features.ts";
import { Lru } from "./lru.ts";
import { type Manners, softmax } from "./manners.ts";
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
  readonly facets: readonly Facet[];
  readonly contextWords: ContextWords;
  readonly manners: Manners;
}

/** How sharply evidence chooses. */
export interface GateSettings {
  readonly topicSharpness: number;
  /** Weight of an exemplar's or persona's log-likelihood in choosing manners. */
  readonly mannerWeight: number;
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

/** What a prompt says about who writes. */
export interface Writer {
  /** null where neither persona nor exemplar says anything. */
  readonly manners: Choice | null;
  /**
   * How much the persona tells plus how much the exemplars together tell, each in [0, 1): the share of manners they rule out,
   * 1 - exp(-KL(posterior || shares)).
   */
  readonly told: number;
}

interface TextEvidence {
  readonly topics: Float64Array;
  readonly manners: Float64Array;
  /** As in Writer, by this text alone. */
  readonly told: number;
  /** False where none of the words is known. */
  readonly present: boolean;
}

/**
 * What the prompt's slots say about topics, facets and manners.
 *
 * topic t: `softmax(ln size_t + sharpness * (task_t + hint * mean of text_t))`, task_t the mean cosine of the task's context with
 * those of the topic's texts, text_t the cosine of persona or exemplar with the topic's mean text. manner m: the posterior
 * `softmax(ln share_m + weight * sum of ln p(words of persona and exemplars | m))`, an exemplar's words taken in its own context.
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
    return choose(softmax(logits, 1), activeTopics);
  }

  /** The facets of the task's context, widest first; none where the model knows none of them. */
  facets(context: Context): readonly number[] {
    return this.#facets.getOrMake(contextKey(context), () => facetsOf(this.parts.facets, contextTerms(context)));
  }

  /** What persona and exemplars say about who writes. */
  writer(persona: string | null, exemplars: readonly PopulationRecord[]): Writer {
    const voice = this.#hints(persona, []);
    const shown = this.#hints(null, exemplars);
    const hints = [...voice, ...shown];
    if (hints.length === 0) return { manners: null, told: 0 };
    const manners = choose(this.#posterior(hints), this.settings.activeManners);
    return { manners, told: this.#told(voice) + this.#told(shown) };
  }

  #told(hints: readonly TextEvidence[]): number {
    const [first] = hints;
    if (first === undefined) return 0;
    return hints.length === 1 ? first.told : ruledOut(this.#posterior(hints), this.parts.manners.shares);
  }

  #posterior(hints: readonly Pick<TextEvidence, "manners">[]): Float64Array {
    const logs = this.parts.manners.shares.map((share) => Math.log(share));
    for (const evidence of hints) for (let m = 0; m < logs.length; m++) logs[m]! += evidence.manners[m]!;
    return softmax(logs, 1);
  }

  #hints(persona: string | null, exemplars: readonly PopulationRecord[]): TextEvidence[] {
    const hints: TextEvidence[] = [];
    if (persona !== null) hints.push(this.#persona(persona));
    for (const { context, text } of exemplars) {
      const key = `${contextKey(context)}\u0000${text}`;
      hints.push(this.#exemplars.getOrMake(key, () => this.#text(textTerms(tokenize(text)), this.facets(context))));
    }
    return hints.filter((evidence) => evidence.present);
  }

  #persona(persona: string): TextEvidence {
    return this.#personas.getOrMake(persona, () => this.#text(termsOf(tokenize(persona)), []));
  }

  #task(context: Context): Float64Array {
    const vector = this.parts.contextSpace.vector(contextTerms(context));
    return this.#scores(vector, this.parts.topicContexts, this.parts.contextSpace.width);
  }

  #text(words: readonly string[], facets: readonly number[]): TextEvidence {
    const { textSpace, topicTexts, contextWords, manners } = this.parts;
    const terms = textSpace.numbers(words);
    const logs = manners.logLikelihoods({ terms, expected: contextWords.expected(terms, facets) });
    const weighted = logs.map((value) => this.settings.mannerWeight * value);
    return {
      topics: this.#scores(textSpace.vector(words), topicTexts, textSpace.width),
      manners: weighted,
      told: ruledOut(this.#posterior([{ manners: weighted }]), manners.shares),
      present: terms.length > 0,
    };
  }

  #scores(vector: SparseVector, rows: Float64Array, width: number): Float64Array {
    return Float64Array.from(this.parts.topicSizes, (_, t) => dotRow(vector, rows, width, t));
  }
}

/** 1 - exp(-KL(posterior || prior)): m of M equally likely manners left give 1 - m/M. The prior is positive. */
function ruledOut(posterior: Float64Array, prior: Float64Array): number {
  let divergence = 0;
  for (let m = 0; m < prior.length; m++) {
    if (posterior[m]! > 0) divergence += posterior[m]! * Math.log(posterior[m]! / prior[m]!);
  }
  // Rounding may leave a divergence of nothing below zero.
  return Math.max(0, -Math.expm1(-divergence));
}

/** The heaviest entries of a distribution, renormalized. */
function choose(shares: Float64Array, active: number): Choice {
  const clusters = Array.from(shares.keys())
    .sort((a, b) => shares[b]! - shares[a]! || a - b)
    .slice(0, active)
    .filter((i, place) => place === 0 || shares[i]! > 1e-6);
  const total = clusters.reduce((sum, i) => sum + shares[i]!, 0);
  return { clusters, weights: clusters.map((i) => shares[i]! / total) };
}
