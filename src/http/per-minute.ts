import type { Clock } from "./clock.ts";

const MINUTE_MS = 60_000;

/** Tokens a minute, refilled continuously; a call larger than the minute's whole allowance waits for a full bucket. */
export class TokenBucket {
  readonly #perMinute: number;
  readonly #clock: Clock;
  #level: number;
  #filledAt: number;

  constructor(perMinute: number, clock: Clock) {
    this.#perMinute = perMinute;
    this.#clock = clock;
    this.#level = perMinute;
    this.#filledAt = clock.now();
  }

  /** Waits until so many tokens may be used. @throws the signal's reason; nothing is taken then */
  async take(tokens: number, signal: AbortSignal | undefined): Promise<void> {
    const cost = Math.min(tokens, this.#perMinute);
    this.#refill();
    this.#level -= cost; // may go below zero: those who come later wait for what they owe
    const wait = this.#level >= 0 ? 0 : (-this.#level / this.#perMinute) * MINUTE_MS;
    if (wait === 0) return;
    try {
      await this.#clock.wait(wait, signal);
    } catch (error) {
      this.#level += cost;
      throw error;
    }
  }

  #refill(): void {
    const now = this.#clock.now();
    this.#level = Math.min(this.#perMinute, this.#level + ((now - this.#filledAt) / MINUTE_MS) * this.#perMinute);
    this.#filledAt = now;
  }
}

/** Requests a minute: in no minute, wherever it begins, are more of them sent. */
export class RequestWindow {
  readonly #perMinute: number;
  readonly #clock: Clock;
  /** When each of the last `perMinute` requests was or will be sent, from the oldest at `#oldest` on around. */
  readonly #sent: number[] = [];
  #oldest = 0;

  constructor(perMinute: number, clock: Clock) {
    this.#perMinute = perMinute;
    this.#clock = clock;
  }

  /** Waits until one more request may be sent, in the order of the calls. @throws the signal's reason */
  async take(signal: AbortSignal | undefined): Promise<void> {
    const now = this.#clock.now();
    if (this.#sent.length < this.#perMinute) {
      this.#sent.push(now);
      return;
    }
    const at = Math.max(now, this.#sent[this.#oldest]! + MINUTE_MS);
    this.#sent[this.#oldest] = at;
    this.#oldest = (this.#oldest + 1) % this.#perMinute;
    if (at > now) await this.#clock.wait(at - now, signal);
  }
}
