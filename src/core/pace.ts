import { setImmediate } from "node:timers/promises";

/**
 * Gives the event loop a turn when the last one is more than `ms` ago, so that Ctrl-C and timers work beside models that answer
 * in process: a chain of promises that never wait starves everything else.
 */
export function pacer(ms = 20): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < ms) return;
    await setImmediate();
    last = performance.now();
  };
}
