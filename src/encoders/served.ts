import { CallError, InputError } from "../core/errors.ts";
import { hashOf, type JsonObject } from "../core/hash.ts";
import { type Matrix, matrix, unitRows } from "../core/matrix.ts";
import type { CallLimits } from "../http/limits.ts";
import { RateLimiter } from "../http/rate-limiter.ts";
import { retrying } from "../http/retry.ts";
import { checkedRows, type Embedded } from "./embedding-rows.ts";
import type { Encoder, EncoderEnvironment } from "./encoder.ts";
import { longestAccepted } from "./longest-accepted.ts";
import { storedEncoder } from "./store.ts";

/** A route that embeds texts. @throws CallError; `bad-request` for what it refuses, such as a text over its own maximum */
export type EmbeddingRoute = (texts: readonly string[], signal: AbortSignal | undefined) => Promise<Embedded>;

export interface ServedOptions {
  readonly limits: CallLimits;
  readonly attempts: number;
  /** Texts of one request. */
  readonly batch: number;
  /** Texts are cut to so many tokens by the server's own count; null: at the server's own maximum. */
  readonly maxTokens: number | null;
  readonly normalize: boolean;
  /** Everything beside the above that changes the numbers; the fingerprint covers it. */
  readonly identity: JsonObject;
  readonly description: JsonObject;
}

type Asking = Pick<EncoderEnvironment, "storeDir" | "warn" | "signal" | "backoff" | "clock" | "planning">;

/** Marks that a tokenizer may put around a text: first, last, and a leading space. */
const MARKS = 3;

/**
 * An encoder behind a server: batches through limiter and retry, rows cached on disk by content. A text over the maximum is cut
 * to its longest beginning that fits, found by asking, since only the server knows its tokenizer.
 * @throws CallError when the server cannot be reached: it is asked for one text to learn the width
 */
export async function servedEncoder(
  id: string,
  route: EmbeddingRoute,
  options: ServedOptions,
  { storeDir, warn, signal, backoff, clock, planning }: Asking,
): Promise<Encoder> {
  const { limits, attempts, batch, maxTokens, normalize } = options;
  const limiter = new RateLimiter(limits, clock);
  let known: number | null = null;

  const ask = async (texts: readonly string[]): Promise<Embedded> => {
    // Several servers refuse an empty text.
    const sent = texts.map((text) => (text === "" ? " " : text));
    const tokens = sent.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    const call = async (attempt: AbortSignal) => checkedRows(id, await route(sent, attempt), texts.length, known);
    const settings = { attempts, signal, ...(backoff && { backoff }), ...(clock && { wait: clock.wait }) };
    return (await retrying(() => limiter.run(call, { tokens, signal }), settings)).value;
  };

  /** One text, cut where it does not fit. */
  const askCut = async (text: string): Promise<readonly number[]> => {
    let refusal: CallError | null = null;
    const found = await longestAccepted(text, async (beginning) => {
      try {
        const { rows, tokens } = await ask([beginning]);
        if (maxTokens === null) return rows[0]!;
        if (tokens === null) throw uncounted(id);
        return tokens > maxTokens ? null : rows[0]!;
      } catch (error) {
        if (!(error instanceof CallError) || error.kind !== "bad-request") throw error;
        refusal = error;
        return null;
      }
    });
    if (found !== null) return found.answer;
    throw refusal ?? new CallError("bad-request", `${id}: one character has more than ${maxTokens} tokens.`);
  };

  const askBatch = async (texts: readonly string[]): Promise<readonly (readonly number[])[]> => {
    try {
      return (await ask(texts)).rows;
    } catch (error) {
      if (!(error instanceof CallError) || error.kind !== "bad-request") throw error;
      return Promise.all(texts.map(askCut)); // one of them is too long, or all are wrong: each is told by itself
    }
  };

  const fits = (text: string) => maxTokens === null || Buffer.byteLength(text) + MARKS <= maxTokens;
  const width = planning === true ? 0 : (await ask(["a"])).rows[0]!.length;
  if (planning !== true) known = width;
  const encoder: Encoder = {
    id,
    width,
    normalized: normalize,
    fingerprint: hashOf({ encoder: "served", version: 1, ...options.identity, maxTokens, normalize }),
    description: { ...options.description, maxTokens, normalize },
    callsOut: true,
    async encode(texts): Promise<Matrix> {
      const data = new Float32Array(texts.length * width);
      const place = (i: number, values: readonly number[]) => data.set(values, i * width);
      const all = texts.map((text, i) => ({ text, i }));
      const short = all.filter(({ text }) => fits(text));
      const jobs = all.filter(({ text }) => !fits(text)).map(async ({ text, i }) => place(i, await askCut(text)));
      for (let start = 0; start < short.length; start += batch) {
        const some = short.slice(start, start + batch);
        const asked = askBatch(some.map(({ text }) => text));
        jobs.push(asked.then((rows) => some.forEach(({ i }, at) => void place(i, rows[at]!))));
      }
      await Promise.all(jobs);
      const rows = matrix(data, texts.length, width);
      return normalize ? unitRows(rows) : rows;
    },
  };
  return storeDir === null || planning === true ? encoder : storedEncoder(encoder, storeDir, warn);
}

function uncounted(id: string): CallError {
  return new CallError(
    "malformed",
    `${id}: the server counts no tokens, so texts cannot be cut by \`maxTokens\`. Leave it out: the server's own maximum holds.`,
    { fatal: true },
  );
}

/** What a served encoder says to --offline. */
export function offlineError(id: string): InputError {
  return new InputError(
    `The encoder \`${id}\` calls a server, and the run is --offline. Use an in-process encoder (embedded:lsa, transformers:) or drop the flag.`,
  );
}
