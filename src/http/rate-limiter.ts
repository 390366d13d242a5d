import PQueue from "p-queue";
import { CallError } from "../core/errors.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { CallLimits } from "./limits.ts";
import { RequestWindow, TokenBucket } from "./per-minute.ts";

/** Calls in flight before anything is known of the server. */
const START = 8;
/** Two cuts within this time count as one: calls already sent say nothing about the new limit. */
const CUT_INTERVAL_MS = 1000;
/** Fewer than this share of 429s among recent answers is bad luck, not a limit: those calls are retried and no more. */
const TOLERATED_SHARE = 0.1;
/** Answers that count as recent; older ones weigh half. */
const RECENT = 100;
/** A server that has refused every connection for so long, and so often, is down. */
const DOWN_AFTER_MS = 3000;
const DOWN_AFTER_FAILURES = 5;

/**
 * What is known of one account at one server, shared by all its models: how many calls may be in flight (grows while calls
 * succeed, is cut when the server says it is too much: additive increase, multiplicative decrease), what it allows a minute,
 * and whether it answers at all.
 */
export class RateLimiter {
  #limits: CallLimits;
  readonly #queue: PQueue;
  #requests: RequestWindow | null;
  #tokens: TokenBucket | null;
  readonly #clock: Clock;
  #allowed: number;
  #growing = true;
  #lastCut = Number.NEGATIVE_INFINITY;
  #fine = 0;
  #limited = 0;
  #refusedSince: number | null = null;
  #refusals = 0;
  #closed: CallError | null = null;

  constructor(limits: CallLimits, clock: Clock = systemClock) {
    this.#limits = limits;
    this.#clock = clock;
    this.#allowed = Math.min(START, limits.concurrency);
    this.#queue = new PQueue({ concurrency: this.#allowed });
    this.#requests = windowOf(limits, clock);
    this.#tokens = bucketOf(limits, clock);
  }

  /** Another model of the account has limits of its own: the smaller of each two holds for both. */
  narrow(limits: CallLimits): void {
    const before = this.#limits;
    this.#limits = {
      concurrency: Math.min(before.concurrency, limits.concurrency),
      requestsPerMinute: smaller(before.requestsPerMinute, limits.requestsPerMinute),
      tokensPerMinute: smaller(before.tokensPerMinute, limits.tokensPerMinute),
      timeoutMs: before.timeoutMs,
    };
    if (this.#limits.requestsPerMinute !== before.requestsPerMinute)
      this.#requests = windowOf(this.#limits, this.#clock);
    if (this.#limits.tokensPerMinute !== before.tokensPerMinute) this.#tokens = bucketOf(this.#limits, this.#clock);
    this.#set(Math.min(this.#allowed, this.#limits.concurrency));
  }

  /** Whether tokens a minute are bounded: nobody need count them otherwise. */
  get countsTokens(): boolean {
    return this.#tokens !== null;
  }

  /** Calls that may be in flight now. */
  get allowed(): number {
    return Math.floor(this.#allowed);
  }

  /**
   * Waits for a place, sends, and learns from what comes back. `tokens` and `requests` (1 by default) are
   * upper bounds of what the call costs, `timeoutMs` the time of one attempt (by default what the limiter was made with).
   * @throws CallError of the call itself; the fatal one that closed the limiter for every call after it.
   */
  async run<T>(
    call: (signal: AbortSignal) => Promise<T>,
    options: {
      readonly tokens: number;
      readonly requests?: number;
      readonly signal?: AbortSignal | undefined;
      readonly timeoutMs?: number;
    },
  ): Promise<T> {
    return this.#queue.add(
      async () => {
        if (this.#closed !== null) throw this.#closed;
        await this.#tokens?.take(options.tokens, options.signal);
        for (let i = 0; i < (options.requests ?? 1); i++) await this.#requests?.take(options.signal);
        return this.#timed(call, options.signal, options.timeoutMs ?? this.#limits.timeoutMs);
      },
      { signal: options.signal },
    );
  }

  /** One attempt with its own clock. AbortSignal.timeout and .any would each hold memory until the clock runs out. */
  async #timed<T>(
    call: (signal: AbortSignal) => Promise<T>,
    stop: AbortSignal | undefined,
    timeoutMs: number,
  ): Promise<T> {
    const attempt = new AbortController();
    let late = false;
    const silence = this.#clock.alarm(timeoutMs, () => {
      late = true;
      attempt.abort();
    });
    const onStop = () => attempt.abort();
    stop?.addEventListener("abort", onStop, { once: true });
    // A call that does not heed its signal ends here all the same.
    const ended = new Promise<never>((_, reject) => {
      attempt.signal.addEventListener("abort", () => reject(attempt.signal.reason), { once: true });
    });
    try {
      const value = await Promise.race([call(attempt.signal), ended]);
      this.#succeeded();
      return value;
    } catch (error) {
      throw this.#failed(stop?.aborted ? canceled(error) : late ? tooLate(timeoutMs, error) : error);
    } finally {
      silence();
      stop?.removeEventListener("abort", onStop);
    }
  }

  #succeeded(): void {
    this.#refusedSince = null;
    this.#refusals = 0;
    this.#count(1, 0);
    const step = this.#growing ? 1 : 1 / this.#allowed;
    this.#set(Math.min(this.#limits.concurrency, this.#allowed + step));
  }

  #failed(error: unknown): unknown {
    if (!(error instanceof CallError)) return error;
    const answered = error.kind !== "network" && error.kind !== "timeout" && error.kind !== "canceled";
    if (answered) {
      this.#refusedSince = null;
      this.#refusals = 0;
    }
    if (error.kind === "rate-limit") this.#slowDown();
    const verdict = error.kind === "network" ? this.#refused(error) : error;
    if (verdict.fatal) this.#closed = verdict;
    return verdict;
  }

  #slowDown(): void {
    this.#count(0, 1);
    const share = this.#limited / (this.#limited + this.#fine);
    if (share < TOLERATED_SHARE || this.#clock.now() - this.#lastCut < CUT_INTERVAL_MS) return;
    this.#growing = false;
    this.#lastCut = this.#clock.now();
    this.#fine = 0;
    this.#limited = 0;
    this.#set(Math.max(1, this.#allowed * 0.7));
  }

  #count(fine: number, limited: number): void {
    this.#fine += fine;
    this.#limited += limited;
    if (this.#fine + this.#limited <= RECENT) return;
    this.#fine /= 2;
    this.#limited /= 2;
  }

  /** Counts connections that failed with no answer in between; past the limit the server is down, and that is final. */
  #refused(error: CallError): CallError {
    this.#refusals += 1;
    this.#refusedSince ??= this.#clock.now();
    const lasted = this.#clock.now() - this.#refusedSince;
    if (this.#refusals < DOWN_AFTER_FAILURES || lasted < DOWN_AFTER_MS) return error;
    return new CallError(
      "network",
      `The server is down: ${this.#refusals} connections in ${(lasted / 1000).toFixed(1)} s failed with no answer in between (${error.message}). Start it, then resume the run.`,
      { fatal: true, cause: error },
    );
  }

  #set(allowed: number): void {
    this.#allowed = allowed;
    this.#queue.concurrency = Math.max(1, Math.floor(allowed));
  }
}

function canceled(cause: unknown): CallError {
  return new CallError("canceled", "The call was canceled.", { cause });
}

function tooLate(timeoutMs: number, cause: unknown): CallError {
  return new CallError("timeout", `No answer within ${timeoutMs / 1000} s of sending.`, { retryable: true, cause });
}

function smaller(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

function windowOf({ requestsPerMinute }: CallLimits, clock: Clock): RequestWindow | null {
  return requestsPerMinute === null ? null : new RequestWindow(requestsPerMinute, clock);
}

function bucketOf({ tokensPerMinute }: CallLimits, clock: Clock): TokenBucket | null {
  return tokensPerMinute === null ? null : new TokenBucket(tokensPerMinute, clock);
}

/** The limiters of a run, one an account. */
export class RateLimiters {
  readonly #limiters = new Map<string, RateLimiter>();
  readonly #clock: Clock;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /** The account's limiter, which holds the smallest limits of all its models. */
  of(account: string, limits: CallLimits): RateLimiter {
    const known = this.#limiters.get(account);
    if (known !== undefined) {
      known.narrow(limits);
      return known;
    }
    const limiter = new RateLimiter(limits, this.#clock);
    this.#limiters.set(account, limiter);
    return limiter;
  }
}
