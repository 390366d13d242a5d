import { InputError, RunFailedError } from "../../core/errors.ts";
import type { Price } from "../../http/limits.ts";
import type { CallCost, Layer } from "../calls/call.ts";

/** What a run may spend; absent: no bound. */
export interface Budget {
  readonly calls?: number | undefined;
  readonly tokens?: number | undefined;
  readonly usd?: number | undefined;
}

/** What was spent. `usd` and tokens are null once a call's cost was not known. */
export interface Spent {
  readonly generated: number;
  readonly scored: number;
  /** Choices that a provider made itself; those made by other calls are counted as these. */
  readonly chosen: number;
  /** Calls of further kinds, by their names; absent where there were none. */
  readonly others?: { readonly [kind: string]: number };
  readonly retries: number;
  readonly errors: number;
  readonly cached: number;
  readonly oldestCachedAt: string | null;
  readonly tokensIn: number | null;
  readonly tokensOut: number | null;
  readonly usd: number | null;
  /** Personal data replaced before prompts left the process. */
  readonly redacted: number;
}

/** An upper bound of what one call can cost, reserved before it is sent. */
export interface Reservation {
  readonly tokens: number;
  readonly usd: number;
}

/**
 * Counts a run's calls, tokens and cost and holds them under its budget. A call's upper bound is reserved before it is sent
 * and replaced by its real cost after: the budget is never exceeded, also with many calls in flight.
 */
export class Meter {
  readonly #budget: Budget;
  #calls = 0;
  /** Answered calls by kind. */
  readonly #answered: Map<string, number>;
  #retries = 0;
  #errors = 0;
  #cached = 0;
  #oldest: number | null = null;
  #tokensIn: number | null = 0;
  #tokensOut: number | null = 0;
  #tokens = 0;
  #usd: number | null = 0;
  /** As `#usd`, a call whose cost is not known counted at its bound: what the budget is held against. */
  #usdAtMost = 0;
  #redacted = 0;
  #reservedTokens = 0;
  #reservedUsd = 0;

  /** @param earlier what a resumed run spent before. */
  constructor(budget: Budget = {}, earlier: Partial<Spent> = {}) {
    this.#budget = budget;
    const { generated = 0, scored = 0, chosen = 0, others = {} } = earlier;
    this.#answered = new Map(Object.entries({ generate: generated, score: scored, choose: chosen, ...others }));
    this.#retries = earlier.retries ?? 0;
    this.#errors = earlier.errors ?? 0;
    this.#cached = earlier.cached ?? 0;
    this.#oldest = earlier.oldestCachedAt == null ? null : Date.parse(earlier.oldestCachedAt);
    this.#tokensIn = earlier.tokensIn === undefined ? 0 : earlier.tokensIn;
    this.#tokensOut = earlier.tokensOut === undefined ? 0 : earlier.tokensOut;
    this.#usd = earlier.usd === undefined ? 0 : earlier.usd;
    this.#usdAtMost = this.#usd ?? 0;
    this.#redacted = earlier.redacted ?? 0;
    const answered = [...this.#answered.values()].reduce((sum, count) => sum + count, 0);
    this.#calls = answered + this.#retries + this.#errors;
    this.#tokens = (this.#tokensIn ?? 0) + (this.#tokensOut ?? 0);
  }

  /**
   * Reserves a call. @throws RunFailedError when it could exceed the budget; what is in flight may still end.
   */
  reserve(bound: { tokensIn: number; tokensOut: number }, price: Price | null): Reservation {
    const tokens = bound.tokensIn + bound.tokensOut;
    const usd = priceOf(bound.tokensIn, bound.tokensOut, price) ?? 0;
    const { calls, tokens: maxTokens, usd: maxUsd } = this.#budget;
    if (calls !== undefined && this.#calls + 1 > calls) throw spentError("calls", calls, this.#calls);
    if (maxTokens !== undefined && this.#tokens + this.#reservedTokens + tokens > maxTokens) {
      throw spentError("tokens", maxTokens, this.#tokens);
    }
    if (maxUsd !== undefined && this.#usdAtMost + this.#reservedUsd + usd > maxUsd) {
      throw spentError("usd", maxUsd, this.#usdAtMost);
    }
    this.#calls += 1;
    this.#reservedTokens += tokens;
    this.#reservedUsd += usd;
    return { tokens, usd };
  }

  /**
   * A call was answered: its reservation makes room for what it really cost.
   * @param kind the name of its kind
   */
  settle(reservation: Reservation, kind: string, { tokensIn, tokensOut }: CallCost, price: Price | null): void {
    this.#release(reservation);
    this.#answered.set(kind, (this.#answered.get(kind) ?? 0) + 1);
    this.#tokensIn = add(this.#tokensIn, tokensIn);
    this.#tokensOut = add(this.#tokensOut, tokensOut);
    const known = tokensIn !== null && tokensOut !== null;
    const usd = known ? priceOf(tokensIn, tokensOut, price) : null;
    this.#tokens += known ? tokensIn + tokensOut : reservation.tokens;
    this.#usd = add(this.#usd, usd);
    this.#usdAtMost += usd ?? reservation.usd;
  }

  /** A call failed for good. */
  failed(reservation: Reservation): void {
    this.#release(reservation);
    this.#errors += 1;
  }

  #release({ tokens, usd }: Reservation): void {
    this.#reservedTokens -= tokens;
    this.#reservedUsd -= usd;
  }

  /** An attempt failed and is made again: one more call. @throws RunFailedError when the budget has none left. */
  retried(): void {
    const { calls } = this.#budget;
    if (calls !== undefined && this.#calls + 1 > calls) throw spentError("calls", calls, this.#calls);
    this.#retries += 1;
    this.#calls += 1;
  }

  /** A cache answered; `at` is when the answer was first given (ms since 1970). */
  answeredFromCache(at: number): void {
    this.#cached += 1;
    this.#oldest = this.#oldest === null ? at : Math.min(this.#oldest, at);
  }

  /** So many personal data were replaced in a request. */
  replaced(count: number): void {
    this.#redacted += count;
  }

  /** Whether the budget is in dollars: every model then needs a price. */
  get boundsCost(): boolean {
    return this.#budget.usd !== undefined;
  }

  get spent(): Spent {
    const {
      generate: generated = 0,
      score: scored = 0,
      choose: chosen = 0,
      ...others
    } = Object.fromEntries(this.#answered);
    return {
      generated,
      scored,
      chosen,
      ...(Object.keys(others).length === 0 ? {} : { others }),
      retries: this.#retries,
      errors: this.#errors,
      cached: this.#cached,
      oldestCachedAt: this.#oldest === null ? null : new Date(this.#oldest).toISOString(),
      tokensIn: this.#tokensIn,
      tokensOut: this.#tokensOut,
      usd: this.#usd,
      redacted: this.#redacted,
    };
  }
}

/** What a model without a profile (the embedded toys) costs and may need. */
const FREE: Price = { inputPerMillion: 0, outputPerMillion: 0 };
const NO_TOKENS = { tokensIn: 0, tokensOut: 0 };

/**
 * Counts every call and holds it under the budget. A model without a profile costs nothing.
 * @throws InputError when the budget is in dollars and the model has no price
 */
export function metered(meter: Meter): Layer {
  return (next, { id, profile }) => {
    if (profile !== undefined && profile.price === null && meter.boundsCost) {
      throw new InputError(
        `budget.usd needs the price of \`${id}\`: give the model \`price: {inputPerMillion, outputPerMillion}\`, or bound calls or tokens instead.`,
      );
    }
    const price = profile === undefined ? FREE : profile.price;
    return async (kind, request) => {
      const reservation = meter.reserve(profile === undefined ? NO_TOKENS : kind.bound(request), price);
      try {
        const answer = await next(kind, request);
        meter.settle(reservation, kind.name, kind.cost(answer), price);
        return answer;
      } catch (error) {
        meter.failed(reservation);
        throw error;
      }
    };
  };
}

function priceOf(tokensIn: number, tokensOut: number, price: Price | null): number | null {
  return price === null ? null : (tokensIn * price.inputPerMillion + tokensOut * price.outputPerMillion) / 1e6;
}

function add(total: number | null, more: number | null): number | null {
  return total === null || more === null ? null : total + more;
}

function spentError(what: string, limit: number, used: number): RunFailedError {
  return new RunFailedError(
    `The budget ends here: ${used} of ${limit} ${what} are used, and the next call could exceed it. Raise budget.${what} in the config, then go on with --resume.`,
  );
}
