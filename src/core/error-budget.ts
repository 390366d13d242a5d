import { CallError } from "./errors.ts";

/** Whether a failed call may be one record among others: not where a later call cannot escape it, or the run is to stop. */
export function isBearable(error: unknown): error is CallError {
  return error instanceof CallError && !error.fatal && error.kind !== "canceled" && error.kind !== "budget";
}

/** Share of a fit's calls that may fail for good before it gives up. */
export const FIT_ERROR_RATE = 0.05;

/** How many of the calls that belong together may fail. */
export interface ErrorAllowance {
  /** Share of the calls, in [0, 1]. */
  readonly rate: number;
  /** Calls there will be; absent: the share is of those that ended so far. */
  readonly calls?: number;
  /** So many may fail in any case. Default 0. */
  readonly few?: number;
}

/** Counts calls that failed for good, and says when they are too many. */
export class ErrorBudget {
  readonly #allowance: ErrorAllowance;
  #succeeded = 0;
  #failed = 0;

  constructor(allowance: ErrorAllowance) {
    this.#allowance = allowance;
  }

  /** Calls that failed. */
  get failed(): number {
    return this.#failed;
  }

  get succeeded(): number {
    return this.#succeeded;
  }

  /** Calls that ended one way or the other. */
  get ended(): number {
    return this.#succeeded + this.#failed;
  }

  /** Whether more calls failed than may. */
  get exceeded(): boolean {
    const { rate, calls = this.ended, few = 0 } = this.#allowance;
    return this.#failed > Math.max(few, rate * calls);
  }

  addSuccess(): void {
    this.#succeeded += 1;
  }

  /** @returns whether more calls failed than may, this one counted */
  addFailures(count = 1): boolean {
    this.#failed += count;
    return this.exceeded;
  }
}
