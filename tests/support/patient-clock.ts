import { type Clock, systemClock } from "../../src/http/clock.ts";

/**
 * A clock on which a call runs out of time when nothing else is left in flight: all that are open are those that the server
 * says it will never answer. So a sound call is given all the time it takes, and a silent one costs none.
 */
export class PatientClock implements Clock {
  readonly now = systemClock.now;
  readonly wait = systemClock.wait;
  readonly #open = new Set<() => void>();
  #silent = 0;

  alarm(_ms: number, late: () => void): () => void {
    this.#open.add(late);
    return () => {
      this.#open.delete(late);
      this.#look();
    };
  }

  /** The server has taken one more call that it will never answer. */
  addSilent(): void {
    this.#silent += 1;
    this.#look();
  }

  #look(): void {
    if (this.#silent === 0 || this.#silent < this.#open.size) return;
    const late = [...this.#open];
    this.#open.clear();
    this.#silent = 0;
    for (const ring of late) ring();
  }
}
