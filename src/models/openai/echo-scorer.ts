import { CallError } from "../../core/errors.ts";
import type { ScoredText } from "../model.ts";
import { type Echo, readEcho } from "./answers.ts";
import type { PostJson } from "./client.ts";

/** Prompts whose own score is remembered: a prompt is scored with many continuations. */
const REMEMBERED = 256;

/**
 * log p(continuation | prompt) from a server that echoes its prompt with log-probabilities.
 *
 * The boundary is found in the tokens, not by character offsets (SentencePiece tokens lose their leading spaces): the prompt
 * alone and prompt + continuation are scored, and the difference is taken from the first token in which they differ. Where the
 * prompt's tokens are a prefix of the longer text's, that is the sum over the continuation's tokens; where the tokeniser
 * merges across the boundary, it is still exactly log p(prompt continuation) - log p(prompt).
 *
 * One token is always generated and dropped: to some servers 0 means "until the context is full".
 */
export class EchoScorer {
  readonly #post: PostJson;
  readonly #model: string;
  readonly #extra: object;
  readonly #prompts = new Map<string, Promise<Scored>>();

  constructor(post: PostJson, model: string, extra: object) {
    this.#post = post;
    this.#model = model;
    this.#extra = extra;
  }

  /** Per-token values of the continuation, in nats. @throws CallError when the server stops giving what the probe found. */
  async score(prompt: string, continuation: string, signal: AbortSignal | undefined): Promise<ScoredText> {
    const [before, whole] = await Promise.all([this.#prompt(prompt, signal), this.echo(prompt + continuation, signal)]);
    return difference(before, whole);
  }

  /** Tokens and log-probabilities of a text, what was generated after it dropped. */
  async echo(text: string, signal: AbortSignal | undefined): Promise<Scored> {
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

  #prompt(prompt: string, signal: AbortSignal | undefined): Promise<Scored> {
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

/** The tokens of a text the server was shown. */
export interface Scored {
  readonly tokens: readonly string[];
  /** null for the first: nothing stands before it. */
  readonly logprobs: readonly (number | null)[];
}

function withoutGenerated({ tokens, logprobs, promptTokens, generatedTokens }: Echo): Scored {
  const generated = generatedTokens ?? Math.max(0, tokens.length - (promptTokens ?? tokens.length));
  const shown = tokens.length - generated;
  if (shown < 1) throw noScores();
  return { tokens: tokens.slice(0, shown), logprobs: logprobs.slice(0, shown) };
}

function difference(before: Scored, whole: Scored): ScoredText {
  let shared = 0;
  const most = Math.min(before.tokens.length, whole.tokens.length);
  while (shared < most && before.tokens[shared] === whole.tokens[shared]) shared += 1;
  const values = whole.logprobs.slice(shared).map(finite);
  if (values.length === 0) throw new CallError("malformed", "The continuation added no token to the prompt.");
  const replaced = before.logprobs.slice(shared).reduce((sum: number, value) => sum + finite(value), 0);
  // The tokens that the merge replaced belong to the prompt: their log-probability is taken off the first new one.
  values[0] = (values[0] ?? 0) - replaced;
  const tokens = Float64Array.from(values);
  return { tokens, total: tokens.reduce((sum, value) => sum + value, 0) };
}

/** A missing log-probability is never read as zero. */
function finite(value: number | null): number {
  if (value === null || !Number.isFinite(value)) throw noScores();
  return value;
}

function noScores(): CallError {
  return new CallError("malformed", "The server returned no log-probabilities for the text it was shown.");
}
