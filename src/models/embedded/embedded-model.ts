import type { JsonObject } from "../../core/hash.ts";
import type { Context, PopulationRecord } from "../../core/record.ts";
import { Stream } from "../../core/stream.ts";
import type { PromptContent } from "../../prompts/prompt.ts";
import type { BaseModel, Completion, GenerateRequest, ScoredText, ScoreRequest } from "../model.ts";
import type { CursorTable } from "./cursors.ts";
import { Decoder, type Encoded, encode } from "./decoder.ts";
import { ExemplarCache } from "./exemplar-cache.ts";
import { Lru } from "./lru.ts";
import type { Component, Conditioning } from "./mixture.ts";
import type { NgramTable } from "./ngram-table.ts";
import { GENERAL_GRID, MANNER_SHARE, RELIEF, SHARPNESS_GRID, type TrainingSettings } from "./settings.ts";
import { tokenize } from "./tokenizer.ts";
import { MAINSTREAM_BIT, mannerBit, type Trained, topicBit, train } from "./train.ts";

/** A trained model that answers prompts: conditions the mixture on the prompt's content, then scores or draws. */
export class EmbeddedModel implements BaseModel {
  readonly id: string;
  readonly can = { chat: true, completion: true, promptLogprobs: true, seed: true, instructions: false } as const;
  readonly remark = "toy";
  readonly description: JsonObject;
  readonly trained: Trained;
  readonly decoder: Decoder;
  readonly #collapse: number;
  #gate: Trained["gate"];
  #generalShare: number = GENERAL_GRID[0];
  readonly #conditionings = new Lru<string, Conditioning>(4096);
  readonly #encoded = new Lru<string, Encoded>(8192);
  readonly #lengths = new Lru<string, number>(8192);
  readonly #caches = new Lru<string, ExemplarCache>(4096);

  /** Trains on the background. @throws InputError when it has fewer than two texts. */
  constructor(id: string, background: readonly PopulationRecord[], settings: TrainingSettings) {
    this.id = id;
    this.trained = train(background, settings);
    this.#collapse = settings.collapse;
    this.#gate = this.trained.gate;
    const { parts, speller, heldOut, tokens, facets, topics, manners } = this.trained;
    this.decoder = new Decoder(parts, speller);
    const tuning = heldOut.length < 4 ? heldOut : heldOut.filter((_, i) => i % 2 === 0).slice(0, 150);
    const reporting = heldOut.length < 4 ? heldOut : heldOut.filter((_, i) => i % 2 === 1);
    this.#tune(tuning);
    const { perplexity, oovRate } = this.#measure(reporting);
    this.description = {
      order: settings.order,
      topics: topics.length,
      facets: facets.length,
      manners: manners.length,
      share: settings.share,
      collapse: settings.collapse,
      vocabulary: parts.vocabulary.size,
      trainedTokens: tokens,
      heldOutTexts: heldOut.length,
      heldOutPerplexity: Math.round(perplexity * 100) / 100,
      oovRate: Math.round(oovRate * 1e5) / 1e5,
      topicSharpness: this.#gate.settings.topicSharpness,
      generalShare: this.#generalShare,
    };
  }

  generate(request: GenerateRequest): Promise<Completion> {
    request.signal?.throwIfAborted();
    const { content } = request.prompt;
    const random = Stream.root(request.seed).derive("embedded");
    const uniform = () => random.next();
    const drawn = this.decoder.draw(this.condition(content), request.decoding, uniform);
    return Promise.resolve({
      text: drawn.text,
      tokensIn: this.#tokensIn(content),
      tokensOut: drawn.tokens,
      finish: drawn.finish,
    });
  }

  score(request: ScoreRequest): Promise<ScoredText> {
    const values = this.scoreContent(request.prompt.content, request.continuation, request.temperature ?? 1);
    let total = 0;
    for (const value of values) total += value;
    return Promise.resolve({ total, tokens: Float64Array.from(values) });
  }

  /** `score` without the promise: log p of every token of the text and its end, given what the prompt says. */
  scoreContent(content: PromptContent, text: string, temperature: number): number[] {
    const encoded = this.#encoded.getOrMake(text, () => encode(text, this.trained.parts.vocabulary));
    return this.decoder.score(this.condition(content), encoded, 1 / temperature);
  }

  /** What a prompt's content asks of the mixture. */
  condition(content: PromptContent): Conditioning {
    const { context, persona, exemplars } = content;
    const key = JSON.stringify([context.text, context.label, persona, exemplars.map((exemplar) => exemplar.text)]);
    return this.#conditionings.getOrMake(key, () => this.#condition(context, persona, exemplars));
  }

  #condition(context: Context, persona: string | null, exemplars: readonly PopulationRecord[]): Conditioning {
    const { general, facets, topics, manners, mainstream, mainstreamFacets, mainstreamTopics } = this.trained;
    const topicChoice = this.#gate.topics(context, persona, exemplars);
    const mannerChoice = this.#gate.manners(persona, exemplars);
    const heard = (persona !== null && this.#gate.hears(persona) ? 1 : 0) + (exemplars.length > 0 ? 1 : 0);
    const collapse = this.#collapse * RELIEF ** heard;
    const open = 1 - collapse;
    const mannerShare = mannerChoice === null ? 0 : MANNER_SHARE;
    const tables: CursorTable[] = [{ table: general, within: -1, bit: 0 }];
    const add = (table: NgramTable | null, within: number, bit: number) =>
      tables.push({ table: table!, within, bit }) - 1;
    const components: Component[] = [{ stack: [0], weight: open * this.#generalShare }];
    const specific = open * (1 - this.#generalShare);
    const facetChoice = this.#gate.facets(context);
    let task = [0, ...facetChoice.map((f) => add(facets[f]!, 0, topicBit(f)))];
    if (facetChoice.length > 0) components.push({ stack: task, weight: specific * (1 - mannerShare) });
    else {
      const topicTables = topicChoice.clusters.map((t) => add(topics[t]!, 0, topicBit(t)));
      topicTables.forEach((table, i) => {
        components.push({ stack: [0, table], weight: specific * (1 - mannerShare) * topicChoice.weights[i]! });
      });
      task = [0, topicTables[0]!];
    }
    mannerChoice?.clusters.forEach((m, i) => {
      const stack = [...task, add(manners[m]!, 0, mannerBit(m))];
      components.push({ stack, weight: specific * mannerShare * mannerChoice.weights[i]! });
    });
    if (collapse > 0) {
      const wide = add(mainstream, 0, MAINSTREAM_BIT);
      const narrow =
        facetChoice.length > 0
          ? facetChoice.map((f) => ({ table: mainstreamFacets[f]!, index: f }))
          : [{ table: mainstreamTopics[topicChoice.clusters[0]!]!, index: topicChoice.clusters[0]! }];
      const known = narrow.filter(({ table }) => table !== null);
      const stack = [wide, ...known.map(({ table, index }) => add(table, wide, topicBit(index)))];
      components.push({ stack, weight: collapse, over: 1 });
    }
    return { tables, components, cache: exemplars.length === 0 ? null : this.#cache(exemplars) };
  }

  #cache(exemplars: readonly PopulationRecord[]): ExemplarCache {
    const { parts, rarity } = this.trained;
    const key = exemplars.map((exemplar) => exemplar.text).join("\u0000");
    return this.#caches.getOrMake(
      key,
      () =>
        new ExemplarCache(
          exemplars.map((exemplar) => encode(exemplar.text, parts.vocabulary).ids),
          rarity,
          parts.vocabulary,
        ),
    );
  }

  /** Tokens of what the model reads of a prompt: context, label, persona, exemplars. */
  #tokensIn(content: PromptContent): number {
    const count = (text: string) => this.#lengths.getOrMake(text, () => tokenize(text).length);
    let tokens = count(content.context.text) + count(content.context.label ?? "") + count(content.persona ?? "");
    for (const exemplar of content.exemplars) tokens += count(exemplar.text);
    return tokens;
  }

  /** Sets the topics' sharpness, then the general component's share, to the best of their grids on held-out texts given their contexts. */
  #tune(records: readonly PopulationRecord[]): void {
    const best = <T>(grid: readonly T[], set: (value: T) => void): void => {
      const perplexities = grid.map((value) => {
        set(value);
        return this.#measure(records).perplexity;
      });
      set(grid[perplexities.indexOf(Math.min(...perplexities))]!);
    };
    best(SHARPNESS_GRID, (topicSharpness) => {
      this.#gate = this.trained.gate.with({ topicSharpness });
    });
    best(GENERAL_GRID, (share) => {
      this.#generalShare = share;
    });
  }

  /** exp of the mean negative log-likelihood per token, spelled symbols counted with their word; and unknown tokens' share. */
  #measure(records: readonly PopulationRecord[]): { perplexity: number; oovRate: number } {
    let total = 0;
    let tokens = 0;
    let unknown = 0;
    for (const { context, text } of records) {
      const encoded = encode(text, this.trained.parts.vocabulary);
      const conditioning = this.#condition(context, null, []);
      for (const value of this.decoder.score(conditioning, encoded, 1)) total -= value;
      tokens += encoded.ids.length;
      unknown += encoded.spelled.length;
    }
    return { perplexity: Math.exp(total / tokens), oovRate: unknown / tokens };
  }
}
