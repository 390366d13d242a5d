import pRetry from "p-retry";
import { CallError } from "../core/errors.ts";
import { type Clock, systemClock } from "./clock.ts";

export interface RetryOptions {
  /** Attempts in all, the first one counted. */
  readonly attempts: number;
  readonly signal?: AbortSignal | undefined;
  readonly onRetry?: (error: CallError) => void;
  /** First wait and longest wait in ms, doubled from one to the next and jittered. Default 500 and 20,000. */
  readonly backoff?: { readonly first: number; readonly longest: number };
  /** How the time that a server asks for is waited; the system's clock by default. */
  readonly wait?: Clock["wait"];
}

/** A server may ask for more patience than this; it gets no more. */
const LONGEST_RETRY_AFTER_MS = 120_000;

/**
 * The one layer of retry: 429, 5xx, cut connections, answers that are no JSON. What a later attempt cannot mend (a wrong key,
 * no quota, an unknown model, a refusal) is thrown at once.
 * @throws CallError, the last one, saying how many attempts were made.
 */
export async function retrying<T>(
  call: () => Promise<T>,
  options: RetryOptions,
): Promise<{ value: T; retries: number }> {
  let failure: unknown;
  try {
    options.signal?.throwIfAborted();
    return { value: await call(), retries: 0 };
  } catch (error) {
    failure = error;
  }
  return again(call, failure, options);
}

/** As `retrying`, when the first attempt has failed: p-retry is handed that failure and makes the others. */
async function again<T>(
  call: () => Promise<T>,
  failure: unknown,
  options: RetryOptions,
): Promise<{ value: T; retries: number }> {
  let retries = 0;
  const { wait = systemClock.wait } = options;
  const backoff = options.backoff ?? { first: 500, longest: 20_000 };
  const attempt = (number: number) => (number === 1 ? Promise.reject(failure) : call());
  try {
    const value = await pRetry(attempt, {
      retries: options.attempts - 1,
      factor: 2,
      minTimeout: backoff.first,
      maxTimeout: backoff.longest,
      randomize: true,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      shouldRetry: ({ error }) => error instanceof CallError && error.retryable,
      async onFailedAttempt({ error, retriesLeft }) {
        if (!(error instanceof CallError) || !error.retryable || retriesLeft === 0) return;
        retries += 1;
        options.onRetry?.(error);
        const asked = Math.min(error.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS);
        if (asked > 0) await wait(asked, options.signal);
      },
    });
    return { value, retries };
  } catch (error) {
    if (options.signal?.aborted) throw new CallError("canceled", "The call was canceled.", { cause: error });
    if (!(error instanceof CallError) || retries === 0) throw error;
    throw new CallError(error.kind, `${error.message} (${retries + 1} attempts)`, {
      retryable: error.retryable,
      fatal: error.fatal,
      retryAfterMs: error.retryAfterMs,
      attempts: retries + 1,
      cause: error,
    });
  }
}
