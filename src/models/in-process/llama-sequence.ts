import { CallError } from "../../core/errors.ts";
import type { Decoding } from "../../core/sample.ts";
import type { ShownToken } from "../boundary.ts";
import type { LlamaModel } from "./llama-file.ts";

type LlamaContext = import("node-llama-cpp").LlamaContext;
type LlamaContextSequence = import("node-llama-cpp").LlamaContextSequence;
type NextToken = import("node-llama-cpp").NextToken;

/** How an answer is drawn. */
export interface Drawing {
  readonly decoding: Decoding;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  /** Whether the answer so far is one that nothing should be added to. */
  isDone(answer: readonly number[]): boolean;
}

/** The one sequence of a loaded model: what it is shown and what it draws. One call at a time. */
export class LlamaSequence {
  /** Tokens of prompt and answer together. */
  readonly size: number;
  readonly #model: LlamaModel;
  readonly #context: LlamaContext;
  readonly #sequence: LlamaContextSequence;

  private constructor(model: LlamaModel, context: LlamaContext, size: number) {
    this.size = size;
    this.#model = model;
    this.#context = context;
    this.#sequence = context.getSequence();
  }

  /** @param contextSize tokens at most; fewer where the model was trained on fewer */
  static async open(model: LlamaModel, contextSize: number, threads: number): Promise<LlamaSequence> {
    const size = Math.min(contextSize, model.trainContextSize);
    return new LlamaSequence(model, await model.createContext({ contextSize: size, threads }), size);
  }

  /**
   * Log-probabilities of tokens from position `from` on; earlier ones are not computed.
   * @throws CallError `bad-request` when there are more than the context holds
   */
  async show(ids: readonly number[], from: number): Promise<ShownToken[]> {
    this.#checkSize(ids.length);
    await this.#sequence.clearHistory();
    const results = await this.#sequence.controlledEvaluate(
      ids.slice(0, -1).map((token, i) => {
        const next = ids[i + 1] ?? 0;
        if (i + 1 < from) return token;
        return [
          token,
          { generateNext: { logits: { filter: { tokens: [next], includeTop: 1 } }, totalLogitWeight: true } },
        ];
      }),
    );
    return ids.map((id, i) => ({ id, logprob: i === 0 ? null : logprobOf(id, results[i - 1]?.next) }));
  }

  /**
   * Draws the tokens of an answer, the one that ends it left out.
   * @throws CallError `bad-request` when prompt and answer may need more than the context holds
   */
  async draw(ids: readonly number[], { decoding, seed, signal, isDone }: Drawing): Promise<number[]> {
    this.#checkSize(ids.length + decoding.maxTokens);
    await this.#sequence.clearHistory();
    const sampling = { temperature: decoding.temperature, topP: decoding.topP, topK: 0, minP: 0, seed };
    const answer: number[] = [];
    for await (const token of this.#sequence.evaluate(ids, sampling)) {
      signal?.throwIfAborted();
      if (this.#model.isEogToken(token)) break;
      answer.push(token);
      if (answer.length >= decoding.maxTokens || isDone(answer)) break;
    }
    return answer;
  }

  async close(): Promise<void> {
    await this.#context.dispose();
  }

  #checkSize(tokens: number): void {
    if (tokens <= this.size) return;
    throw new CallError(
      "bad-request",
      `Prompt and answer need ${tokens} tokens, the context holds ${this.size}: raise contextSize.`,
    );
  }
}

/** log p from the logit of the token, the largest logit and the sum of exp(logit - largest). */
function logprobOf(id: number, next: NextToken | undefined): number | null {
  const { logits, totalLogitWeight } = next ?? {};
  const own = logits?.get(id);
  if (logits === undefined || own === undefined || totalLogitWeight === undefined) return null;
  return own - Math.max(...logits.values()) - Math.log(totalLogitWeight);
}
