import {
  type BaseModel,
  type Completion,
  type GenerateRequest,
  type JsonObject,
  type PopulationRecord,
  type PromptContent,
  type ScoredText,
  type ScoreRequest,
  Stream,
  takesInEnd,
} from "../ports.ts";
import { Conditioner } from "./conditioner.ts";
import type { Conditioning } from "./conditioning.ts";
import { Decoder, type Encoded, encode } from "./decoder.ts";
import { Lru } from "./lru.ts";
import { SHARPNESS_GRID, type TrainingSettings } from "./settings.ts";
import { tokenize } from "./tokenizer.ts";
import { type Trained, train } from "./train.ts";

/** What the relief (settings.ts) does to every comparison. */
const RELIEVED =
  "By construction this toy collapses less where a prompt's persona or exemplars tell something about who writes (each takes up to " +
  "half of the collapse away). So differences to zero-shot are built in; they say nothing about people or large models.";

/** How well a model predicts texts it has not read. */
interface Fit {
  /** exp of the mean negative log-likelihood per token, spelled symbols counted with their word. */
  readonly perplexity: number;
  /** Share of tokens that had to be spelled. */
  readonly oovRate: number;
}

/** A trained model that answers prompts: conditions the mixture on the prompt's content, then scores or draws. */
export class EmbeddedModel implements BaseModel {
  readonly id: string;
  readonly can = {
    chat: true,
    completion: true,
    promptLogprobs: true,
    endLogprobs: true,
    seed: true,
    instructions: false,
  } as const;
  readonly scoring = { end: "end of text", begin: null, asItAnswers: true } as const;
  readonly remark = "toy";
  /** None without a collapse: there is nothing to relieve. */
  readonly caveat: string | undefined;
  readonly description: JsonObject;
  readonly trained: Trained;
  readonly decoder: Decoder;
  readonly #conditioner: Conditioner;
  readonly #encoded = new Lru<string, Encoded>(8192);
  readonly #lengths = new Lru<string, number>(8192);

  /** Trains on the background. @throws InputError when it has fewer than two texts. */
  constructor(id: string, background: readonly PopulationRecord[], settings: TrainingSettings) {
    this.id = id;
    this.caveat = settings.collapse > 0 ? RELIEVED : undefined;
    this.trained = train(background, settings);
    const { parts, speller, heldOut, tokens, facets, topics, manners } = this.trained;
    this.decoder = new Decoder(parts, speller);
    const even = heldOut.length < 4 ? heldOut : heldOut.filter((_, i) => i % 2 === 0);
    const odd = heldOut.length < 4 ? heldOut : heldOut.filter((_, i) => i % 2 === 1);
    this.#conditioner = this.#tune(even.slice(0, 150), settings.collapse);
    const { perplexity, oovRate } = this.#measure(odd, this.#conditioner);
    this.description = {
      order: settings.order,
      facets: facets.length,
      topics: topics.length,
      manners: manners.length,
      wordClasses: parts.base.classes.count,
      share: settings.share,
      collapse: settings.collapse,
      vocabulary: parts.vocabulary.size,
      trainedTokens: tokens,
      heldOutTexts: heldOut.length,
      heldOutPerplexity: Math.round(perplexity * 100) / 100,
      oovRate: Math.round(oovRate * 1e5) / 1e5,
    };
  }

  generate(request: GenerateRequest): Promise<Completion> {
    request.signal?.throwIfAborted();
    const { content } = request.prompt;
    const random = Stream.root(request.seed).derive("embedded");
    const drawn = this.decoder.draw(this.condition(content), request.decoding, () => random.next());
    return Promise.resolve({
      text: drawn.text,
      tokensIn: this.#tokensIn(content),
      tokensOut: drawn.tokens,
      finish: drawn.finish,
    });
  }

  score(request: ScoreRequest): Promise<ScoredText> {
    request.signal?.throwIfAborted();
    const scored = this.scoreContent(request.prompt.content, request.continuation, request.temperature ?? 1);
    const values = takesInEnd(request, true) ? scored : scored.slice(0, -1);
    let total = 0;
    for (const value of values) total += value;
    return Promise.resolve({ total, tokens: Float64Array.from(values), tokensIn: values.length });
  }

  /** `score` without the promise: ln p of every token of the text and of its end, given what the prompt says. */
  scoreContent(content: PromptContent, text: string, temperature: number): number[] {
    const encoded = this.#encoded.getOrMake(text, () => encode(text, this.trained.parts.vocabulary));
    return this.decoder.score(this.condition(content), encoded, 1 / temperature);
  }

  /** What a prompt's content asks of the mixture. */
  condition(content: PromptContent): Conditioning {
    return this.#conditioner.condition(content);
  }

  /** Tokens of what the model reads of a prompt: context, label, persona, exemplars. */
  #tokensIn({ context, persona, exemplars }: PromptContent): number {
    const count = (text: string) => this.#lengths.getOrMake(text, () => tokenize(text).length);
    let tokens = count(context.text) + count(context.label ?? "") + count(persona ?? "");
    for (const exemplar of exemplars) tokens += count(exemplar.text);
    return tokens;
  }

  /** The topics' sharpness that predicts held-out texts best, given their contexts. Facets have none to choose. */
  #tune(records: readonly PopulationRecord[], collapse: number): Conditioner {
    const grid = this.trained.facets.length > 0 ? SHARPNESS_GRID.slice(0, 1) : SHARPNESS_GRID;
    const candidates = grid.map(
      (topicSharpness) => new Conditioner(this.trained, this.trained.gate.with({ topicSharpness }), collapse),
    );
    if (candidates.length === 1) return candidates[0]!;
    const perplexities = candidates.map((candidate) => this.#measure(records, candidate).perplexity);
    return candidates[perplexities.indexOf(Math.min(...perplexities))]!;
  }

  #measure(records: readonly PopulationRecord[], conditioner: Conditioner): Fit {
    let total = 0;
    let tokens = 0;
    let unknown = 0;
    for (const { context, text } of records) {
      const encoded = encode(text, this.trained.parts.vocabulary);
      const conditioning = conditioner.condition({ context, persona: null, exemplars: [] });
      for (const value of this.decoder.score(conditioning, encoded, 1)) total -= value;
      tokens += encoded.ids.length;
      unknown += encoded.spelled.length;
    }
    return { perplexity: Math.exp(total / tokens), oovRate: unknown / tokens };
  }
}
