import { CallError, type FailureKind, InputError } from "../../core/errors.ts";
import type { Price } from "../../http/limits.ts";
import type { CallCost, Layer } from "../calls/call.ts";
import { tokenCount } from "../calls/token-count.ts";
import { type AtMost, type Budget, BudgetHold, type Ledger, type Reservation } from "./budget.ts";

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
  /** What the budget is held against; absent in run folders of version 0.1. */
  readonly atMost?: AtMost;
}

/**
 * Failures of attempts that a server answered or worked on, so that they may have cost what an answer costs. The others were
 * refused, or never heard: they are calls, and cost no tokens.
 */
const MAY_HAVE_COST: ReadonlySet<FailureKind> = new Set<FailureKind>([
  "timeout",
  "malformed",
  "empty",
  "reasoning",
  "length",
  "refusal",
  "too-large",
  "canceled",
]);

/** Counts a run's calls, tokens and cost, and holds them under its budget. */
export class Meter {
  /** What the budget is held against, and who waits for room in it. */
  readonly #hold: BudgetHold;
  /** Answered calls by kind. */
  readonly #answered: Map<string, number>;
  #retries: number;
  #errors: number;
  #cached: number;
  #oldest: number | null;
  #tokensIn: number | null;
  #tokensOut: number | null;
  #usd: number | null;
  #redacted: number;

  /**
   * @param earlier what a resumed run spent before
   * @param ledger keeps what the budget is held against; see `BudgetHold`
   * @throws InputError as `BudgetHold`
   */
  constructor(budget: Budget = {}, earlier: Partial<Spent> = {}, ledger: Ledger | null = null) {
    const { generated = 0, scored = 0, chosen = 0, others = {} } = earlier;
    this.#answered = new Map(Object.entries({ generate: generated, score: scored, choose: chosen, ...others }));
    this.#retries = earlier.retries ?? 0;
    this.#errors = earlier.errors ?? 0;
    this.#cached = earlier.cached ?? 0;
    this.#oldest = earlier.oldestCachedAt == null ? null : Date.parse(earlier.oldestCachedAt);
    this.#tokensIn = earlier.tokensIn === undefined ? 0 : earlier.tokensIn;
    this.#tokensOut = earlier.tokensOut === undefined ? 0 : earlier.tokensOut;
    this.#usd = earlier.usd === undefined ? 0 : earlier.usd;
    this.#redacted = earlier.redacted ?? 0;
    const answered = [...this.#answered.values()].reduce((sum, count) => sum + count, 0);
    const counted: AtMost = {
      calls: answered + this.#retries + this.#errors,
      tokens: (this.#tokensIn ?? 0) + (this.#tokensOut ?? 0),
      usd: this.#usd,
    };
    this.#hold = new BudgetHold(budget, earlier.atMost ?? counted, ledger);
  }

  /** Reserves an attempt; see `BudgetHold`. @throws RunFailedError when it could exceed the budget; what is in flight may still end */
  reserve(
    bound: { readonly tokensIn: number; readonly tokensOut: number; readonly requests?: number },
    price: Price | null,
    signal?: AbortSignal,
  ): Reservation | Promise<Reservation> {
    const { tokensIn, tokensOut, requests = 1 } = bound;
    const tokens = tokensIn + tokensOut;
    return this.#hold.reserve(
      { calls: requests, tokens, usd: priceOf(bound.tokensIn, bound.tokensOut, price) },
      signal,
    );
  }

  /**
   * A call was answered: its reservation makes room for what it really cost, or at most where nobody says.
   * @param kind the name of its kind
   */
  settle(reservation: Reservation, kind: string, cost: CallCost, price: Price | null): void {
    const tokensIn = tokenCount(cost.tokensIn);
    const tokensOut = tokenCount(cost.tokensOut);
    const known = tokensIn !== null && tokensOut !== null;
    const calls = cost.requests ?? reservation.calls;
    const real = known
      ? { calls, tokens: tokensIn + tokensOut, usd: priceOf(tokensIn, tokensOut, price) }
      : { ...reservation, calls };
    this.#answered.set(kind, (this.#answered.get(kind) ?? 0) + 1);
    this.#tokensIn = add(this.#tokensIn, tokensIn);
    this.#tokensOut = add(this.#tokensOut, tokensOut);
    this.#usd = add(this.#usd, known ? real.usd : null);
    this.#hold.settle(reservation, real);
  }

  /** An attempt failed: for good, unless `retried` is told of it. */
  failed(reservation: Reservation, error: unknown): void {
    const mayHaveCost = error instanceof CallError && MAY_HAVE_COST.has(error.kind);
    this.#errors += 1;
    this.#hold.settle(reservation, mayHaveCost ? reservation : { ...reservation, tokens: 0, usd: 0 });
  }

  /** The attempt that failed last is made again, which reserves room of its own. */
  retried(): void {
    this.#errors -= 1;
    this.#retries += 1;
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
    return this.#hold.boundsCost;
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
      atMost: this.#hold.atMost,
    };
  }
}

/** What a model without a profile (the embedded toys) costs. */
const FREE: Price = { inputPerMillion: 0, outputPerMillion: 0 };

/**
 * Counts every attempt and holds it under the budget. A model without a profile costs no money; its calls and tokens count.
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
      const requests = profile?.requests?.[kind.name] ?? 1;
      const held = meter.reserve({ ...kind.bound(request), requests }, price, request.signal);
      const reservation = held instanceof Promise ? await held : held;
      try {
        const answer = await next(kind, request);
        meter.settle(reservation, kind.name, kind.cost(answer), price);
        return answer;
      } catch (error) {
        meter.failed(reservation, error);
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
