import { setTimeout as sleep } from "node:timers/promises";

/** Time as the calls to a server see it, in ms; tests hand in one that they turn themselves. */
export interface Clock {
  /** Milliseconds since any moment; never less than before, whatever is done to the machine's date. */
  now(): number;
  /** Resolves after so long; rejects when the signal aborts. */
  wait(ms: number, signal?: AbortSignal | undefined): Promise<void>;
  /** Calls `late` after so long, unless the returned function is called before. */
  alarm(ms: number, late: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wait: (ms, signal) => sleep(ms, undefined, { signal }),
  alarm(ms, late) {
    const timer = setTimeout(late, ms);
    return () => clearTimeout(timer);
  },
};
