import { CallError } from "../../core/errors.ts";
import type { PostJson } from "../../http/json-client.ts";
import { continuationScore, type ShownToken } from "../boundary.ts";
import type { ScoredText } from "../model.ts";
import { type Echo, readEcho } from "./answers.ts";

/** Prompts whose own score is remembered: a prompt is scored with many continuations. */
const REMEMBERED = 256;

/**
 * log p(continuation | prompt) from a server that echoes its prompt with log-probabilities: the prompt alone and prompt +
 * continuation are scored, and boundary.ts takes the difference.
 *
 * One token is always generated and dropped: to some servers 0 means "until the context is full".
 */
export class EchoScorer {
  readonly #post: PostJson;
  readonly #model: string;
  readonly #extra: object;
  readonly #prompts = new Map<string, Promise<readonly ShownToken[]>>();

  constructor(post: PostJson, model: string, extra: object) {
    this.#post = post;
    this.#model = model;
    this.#extra = extra;
  }

  /** Per-token values of the continuation, in nats. @throws CallError when the server stops giving what the probe found. */
  async score(prompt: string, continuation: string, signal: AbortSignal | undefined): Promise<ScoredText> {
    const remembered = this.#prompts.has(prompt);
    const [before, whole] = await Promise.all([this.#prompt(prompt, signal), this.echo(prompt + continuation, signal)]);
    const scored = continuationScore(before, whole);
    return remembered ? { ...scored, tokensIn: whole.length } : scored;
  }

  /** Tokens and log-probabilities of a text, what was generated after it dropped. */
  async echo(text: string, signal: AbortSignal | undefined): Promise<readonly ShownToken[]> {
    const body = {
      ...this.#extra,
      model: this.#model,
      prompt: text,
      echo: true,
      logprobs: 1,
      max_tokens: 1,
      temperature: 0,
    };
    const echo = readEcho(await this.#post("/completions", body, signal));
    if (echo === null) throw noScores();
    return withoutGenerated(echo);
  }

  #prompt(prompt: string, signal: AbortSignal | undefined): Promise<readonly ShownToken[]> {
    const known = this.#prompts.get(prompt);
    if (known !== undefined) return known;
    if (this.#prompts.size >= REMEMBERED) {
      const oldest = this.#prompts.keys().next();
      if (!oldest.done) this.#prompts.delete(oldest.value);
    }
    const asked = this.echo(prompt, signal);
    this.#prompts.set(prompt, asked);
    asked.catch(() => this.#prompts.delete(prompt));
    return asked;
  }
}

function withoutGenerated({ tokens, logprobs, promptTokens, generatedTokens }: Echo): readonly ShownToken[] {
  const generated = generatedTokens ?? Math.max(0, tokens.length - (promptTokens ?? tokens.length));
  const shown = tokens.slice(0, Math.max(0, tokens.length - generated));
  if (shown.length === 0) throw noScores();
  return shown.map((id, i) => ({ id, logprob: logprobs[i] ?? null }));
}

function noScores(): CallError {
  return new CallError("malformed", "The server returned no log-probabilities for the text it was shown.");
}
