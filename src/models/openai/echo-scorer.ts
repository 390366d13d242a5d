import { CallError } from "../../core/errors.ts";
import type { PostJson } from "../../http/json-client.ts";
import { continuationScore, isLogprob, REQUESTS_OF_DIFFERENCE, type ShownToken } from "../boundary.ts";
import type { ProbeRequest, ScoredText } from "../model.ts";
import { type Echo, readEcho } from "./answers.ts";

/** Prompts whose own score is remembered: a prompt is scored with many continuations. */
const REMEMBERED = 256;

/** How a server is to be asked for the log-probabilities of a text, and how its answer is to be read. */
export interface EchoLayout {
  /** Text of a token that is put in front of every text; "" where the server needs none. */
  readonly begin: string;
  /** Whether what it generated stands behind the text in its list. Some list the text's tokens alone. */
  readonly listsGenerated: boolean;
  /** Text of the token that ends a text; null where the server reads none as one token. */
  readonly end: string | null;
}

/** Makes one question to the server; a probe's go through the layers of a run, a score's are within a call that does. */
export type Around = <Found>(question: ProbeRequest<Found>) => Promise<Found>;

const direct: Around = ({ ask, signal }) => ask(signal);

/** Asks a server to write, and to say what it makes of a text: one call each. */
export class EchoServer {
  readonly #post: PostJson;
  readonly #model: string;
  readonly #extra: object;
  readonly #around: Around;

  constructor(post: PostJson, model: string, extra: object, around: Around = direct) {
    this.#post = post;
    this.#model = model;
    this.#extra = extra;
    this.#around = around;
  }

  /**
   * Tokens and log-probabilities of a text. One token is always generated: to some servers 0 means "until the context is full".
   * @throws CallError `malformed` without log-probabilities
   */
  echo(text: string, signal: AbortSignal | undefined): Promise<Echo> {
    return this.#ask({ prompt: text, echo: true, max_tokens: 1 }, signal);
  }

  /** Its likeliest next tokens, with the log-probability it gives each as it writes it. @throws CallError as `echo` */
  write(prompt: string, tokens: number, signal: AbortSignal | undefined): Promise<Echo> {
    return this.#ask({ prompt, max_tokens: tokens }, signal);
  }

  async #ask(asked: Asked, signal: AbortSignal | undefined): Promise<Echo> {
    const body = { ...this.#extra, model: this.#model, logprobs: 1, temperature: 0, ...asked };
    const bound = { tokensIn: Buffer.byteLength(asked.prompt) + 1, tokensOut: asked.max_tokens };
    const echo = await this.#around({
      bound,
      signal,
      ask: async (attempt) => noLonger(readEcho(await this.#post("/completions", body, attempt)), asked.max_tokens),
      cost: ({ tokens, promptTokens, generatedTokens }) => ({
        tokensIn: promptTokens ?? (asked.echo ? tokens.length : bound.tokensIn),
        tokensOut: generatedTokens ?? bound.tokensOut,
      }),
    });
    if (echo.tokens.length === 0) throw noScores();
    return echo;
  }
}

/** What was generated is told from what was shown by its number alone. @throws CallError `malformed`, retryable, where that cannot be */
function noLonger(echo: Echo, maxTokens: number): Echo {
  if ((echo.generatedTokens ?? 0) <= maxTokens) return echo;
  const what = `${echo.generatedTokens} tokens were generated where ${maxTokens} were asked for`;
  throw new CallError("malformed", `The server says that ${what}.`, { retryable: true });
}

interface Asked {
  readonly prompt: string;
  readonly echo?: true;
  readonly max_tokens: number;
}

/**
 * log p(continuation | prompt) from a server that echoes its prompt with log-probabilities: the prompt alone and prompt +
 * continuation are scored, and boundary.ts takes the difference. The end of the text is one more token of the latter.
 */
export class EchoScorer {
  readonly #server: EchoServer;
  readonly #layout: EchoLayout;
  readonly #prompts = new Map<string, Promise<readonly ShownToken[]>>();

  constructor(server: EchoServer, layout: EchoLayout) {
    this.#server = server;
    this.#layout = layout;
  }

  /** Per-token values of the continuation, in nats. @throws CallError when the server stops giving what the probe found. */
  async score(
    prompt: string,
    continuation: string,
    withEnd: boolean,
    signal: AbortSignal | undefined,
  ): Promise<ScoredText> {
    const remembered = this.#prompts.has(prompt);
    const text = prompt + continuation + (withEnd ? (this.#layout.end ?? "") : "");
    // One after the other: a call holds one place of the account's limit.
    const before = await this.#prompt(prompt, signal);
    const whole = await this.shown(text, signal);
    const requests = remembered ? 1 : REQUESTS_OF_DIFFERENCE.score;
    const scored = continuationScore(before, whole);
    return { ...scored, ...(remembered && { tokensIn: whole.length }), tokensOut: requests, requests };
  }

  /** Tokens and log-probabilities of a text. */
  async shown(text: string, signal: AbortSignal | undefined): Promise<readonly ShownToken[]> {
    const { begin, listsGenerated } = this.#layout;
    const { tokens, logprobs, generatedTokens } = await this.#server.echo(begin + text, signal);
    const count = listsGenerated ? tokens.length - (generatedTokens ?? 1) : tokens.length;
    // The first token alone stands after nothing.
    if (count <= 0 || !logprobs.slice(1, count).every(isLogprob)) throw noScores();
    return tokens.slice(0, count).map((id, i) => ({ id, logprob: logprobs[i] ?? null }));
  }

  #prompt(prompt: string, signal: AbortSignal | undefined): Promise<readonly ShownToken[]> {
    const known = this.#prompts.get(prompt);
    if (known !== undefined) return known;
    if (this.#prompts.size >= REMEMBERED) {
      const oldest = this.#prompts.keys().next();
      if (!oldest.done) this.#prompts.delete(oldest.value);
    }
    const asked = this.shown(prompt, signal);
    this.#prompts.set(prompt, asked);
    asked.catch(() => this.#prompts.delete(prompt));
    return asked;
  }
}

function noScores(): CallError {
  return new CallError("malformed", "The server returned no log-probabilities for the text it was shown.", {
    retryable: true,
  });
}
