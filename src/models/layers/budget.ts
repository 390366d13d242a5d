import { CallError, InputError, RunFailedError } from "../../core/errors.ts";

/** What a run may spend; absent: no bound. */
export interface Budget {
  readonly calls?: number | undefined;
  readonly tokens?: number | undefined;
  readonly usd?: number | undefined;
}

/**
 * What a budget is held against: requests, and the most that they can have cost. An attempt in flight counts at its bound, as does
 * one whose tokens nobody told. `usd` is null once an attempt was made that has no price.
 */
export interface AtMost {
  readonly calls: number;
  readonly tokens: number;
  readonly usd: number | null;
}

/** An upper bound of what one attempt can cost, held free for it while it is in flight. `usd` null: it has no price. */
export interface Reservation {
  /** Requests. */
  readonly calls: number;
  readonly tokens: number;
  readonly usd: number | null;
}

/** Keeps what the budget is held against where a killed process leaves it; resolves when it is kept. */
export type Ledger = (atMost: AtMost) => Promise<void>;

interface Waiting {
  readonly bound: Reservation;
  readonly go: () => void;
  readonly refuse: (error: Error) => void;
}

/**
 * Holds what attempts cost under a budget. Each reserves its upper bound before it is sent and gives it back for its real cost
 * after, so that the budget is never exceeded, also with many in flight. One that fits only once others have told their real cost
 * waits for them, in the order of asking, and overtakes nobody; who waits holds nothing, so those in flight always end.
 */
export class BudgetHold {
  readonly #budget: Budget;
  readonly #ledger: Ledger | null;
  #calls: number;
  #tokens: number;
  #usd: number | null;
  #inFlight = 0;
  #reservedCalls = 0;
  #reservedTokens = 0;
  #reservedUsd = 0;
  readonly #waiting: Waiting[] = [];

  /**
   * @param earlier what a resumed run is held against already
   * @param ledger is told before an attempt is sent, and after it has ended; null: nobody
   * @throws InputError for a budget in dollars where what was spent before had no price
   */
  constructor(budget: Budget, earlier: AtMost, ledger: Ledger | null = null) {
    this.#budget = budget;
    this.#ledger = ledger;
    this.#calls = earlier.calls;
    this.#tokens = earlier.tokens;
    this.#usd = earlier.usd;
    if (earlier.usd === null && budget.usd !== undefined)
      throw new InputError(
        "budget.usd: this run has made calls without a price before, so nobody knows what is left. Bound calls or tokens instead.",
      );
  }

  /** What the budget is held against now, attempts in flight at their bound. */
  get atMost(): AtMost {
    const usd = this.#usd === null ? null : this.#usd + this.#reservedUsd;
    return { calls: this.#calls + this.#reservedCalls, tokens: this.#tokens + this.#reservedTokens, usd };
  }

  /** Whether the budget is in dollars: every model then needs a price. */
  get boundsCost(): boolean {
    return this.#budget.usd !== undefined;
  }

  /**
   * Reserves one attempt: at once where there is room, as models in process that answer thousands a second need it; else a promise.
   * @throws RunFailedError when what is really spent and the bound exceed the budget; CallError `canceled` when the signal aborts;
   * in the promise what the ledger throws
   */
  reserve(bound: Reservation, signal?: AbortSignal): Reservation | Promise<Reservation> {
    if (signal?.aborted) throw canceled();
    const refusal = this.#waiting.length > 0 ? null : this.#refusal(bound);
    if (refusal !== null) throw refusal;
    if (this.#ledger !== null || this.#waiting.length > 0 || !this.#fits(bound)) return this.#reserved(bound, signal);
    this.#take(bound);
    return bound;
  }

  async #reserved(bound: Reservation, signal: AbortSignal | undefined): Promise<Reservation> {
    await this.#room(bound, signal);
    try {
      await this.#ledger?.(this.atMost);
      if (signal?.aborted) throw canceled();
    } catch (error) {
      this.settle(bound, { calls: 0, tokens: 0, usd: 0 }); // it was never sent
      throw error;
    }
    return bound;
  }

  /** An attempt has ended: its reservation makes room for what it cost. `usd` null: unknown for want of a price. */
  settle(reservation: Reservation, cost: Reservation): void {
    this.#inFlight -= 1;
    // With nothing in flight nothing is reserved: sums of fractions would leave a rest that others wait for forever.
    this.#reservedCalls -= reservation.calls;
    this.#reservedTokens = this.#inFlight === 0 ? 0 : this.#reservedTokens - reservation.tokens;
    this.#reservedUsd = this.#inFlight === 0 ? 0 : this.#reservedUsd - (reservation.usd ?? 0);
    this.#calls += cost.calls;
    this.#tokens += cost.tokens;
    this.#usd = this.#usd === null || cost.usd === null ? null : this.#usd + cost.usd;
    this.#admit();
    this.#ledger?.(this.atMost).catch(() => {}); // the next attempt hears of a disk that fails
  }

  #room(bound: Reservation, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(canceled());
        this.#admit();
      };
      const served = () => signal?.removeEventListener("abort", stop);
      const waiting: Waiting = {
        bound,
        go() {
          served();
          resolve();
        },
        refuse(error) {
          served();
          reject(error);
        },
      };
      signal?.addEventListener("abort", stop, { once: true });
      this.#waiting.push(waiting);
      this.#admit();
    });
  }

  /** Serves those who wait, the first first, up to the one that must go on waiting. */
  #admit(): void {
    for (let [first] = this.#waiting; first !== undefined; [first] = this.#waiting) {
      const spent = this.#refusal(first.bound);
      if (spent === null && !this.#fits(first.bound)) return;
      this.#waiting.shift();
      if (spent !== null) {
        first.refuse(spent);
        continue;
      }
      this.#take(first.bound);
      first.go();
    }
  }

  #take(bound: Reservation): void {
    this.#inFlight += 1;
    this.#reservedCalls += bound.calls;
    this.#reservedTokens += bound.tokens;
    this.#reservedUsd += bound.usd ?? 0;
  }

  /** Why the bound never fits again: what is spent only grows. */
  #refusal({ calls, tokens, usd }: Reservation): RunFailedError | null {
    const { calls: mostCalls = ENDLESS, tokens: mostTokens = ENDLESS, usd: mostUsd = ENDLESS } = this.#budget;
    if (this.#calls + calls > mostCalls) return spentError("calls", mostCalls, this.#calls);
    if (this.#tokens + tokens > mostTokens) return spentError("tokens", mostTokens, this.#tokens);
    const spent = this.#usd ?? 0;
    return spent + (usd ?? 0) > mostUsd ? spentError("usd", mostUsd, spent) : null;
  }

  #fits({ calls, tokens, usd }: Reservation): boolean {
    const { calls: mostCalls = ENDLESS, tokens: mostTokens = ENDLESS, usd: mostUsd = ENDLESS } = this.#budget;
    if (this.#calls + this.#reservedCalls + calls > mostCalls) return false;
    const fitsTokens = this.#tokens + this.#reservedTokens + tokens <= mostTokens;
    return fitsTokens && (this.#usd ?? 0) + this.#reservedUsd + (usd ?? 0) <= mostUsd;
  }
}

const ENDLESS = Number.POSITIVE_INFINITY;

function canceled(): CallError {
  return new CallError("canceled", "The call was canceled.");
}

function spentError(what: string, limit: number, used: number): RunFailedError {
  return new RunFailedError(
    `The budget ends here: ${used} of ${limit} ${what} are used, and the next call could exceed it. Raise budget.${what} in the config, then go on with --resume.`,
  );
}
