import { setImmediate } from "node:timers/promises";
import { InterruptedError } from "./errors.ts";

/** Calls started between two looks at the event loop: in-process models never leave it on their own. */
const YIELD_EVERY = 64;

/**
 * Runs `work` on every item with at most `limit` in flight; results in the items' order. The first error stops new work, and is
 * thrown once what is in flight has ended: nothing that was paid for comes too late to be kept.
 * @throws InterruptedError when the signal aborts; otherwise the first error of `work`.
 */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  limit: number,
  signal: AbortSignal | undefined,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  results.length = items.length;
  let next = 0;
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    while (next < items.length && failures.length === 0) {
      try {
        if (signal?.aborted) throw new InterruptedError("Interrupted; what was finished is kept.");
        const index = next++;
        results[index] = await work(items[index]!, index);
        if (index % YIELD_EVERY === YIELD_EVERY - 1) await setImmediate();
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(Math.max(1, limit), items.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}
