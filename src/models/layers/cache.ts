import path from "node:path";
import { RunFailedError } from "../../core/errors.ts";
import type { Progress } from "../../core/progress.ts";
import { KeyedStore } from "../../storage/store/keyed-store.ts";
import type { CachedAnswer, Layer } from "../calls/call.ts";
import { cacheKey } from "./call-key.ts";
import type { Meter } from "./meter.ts";

/** A look at the cache: `mopbench cache`. */
export interface CacheSummary {
  readonly folder: string;
  readonly entries: number;
  readonly bytes: number;
  readonly oldest: string | null;
  readonly newest: string | null;
}

/** Past this the oldest quarter goes, when the cache is next opened. */
export const LARGEST_CACHE_BYTES = 2 * 1024 ** 3;

/** What the store of answers says of itself; the scope's number goes up when what an answer is kept as changes. */
const ANSWERS = { plural: "answers", scope: "answers 1" };

/**
 * Answers by the key of their call, shared between runs and processes. Failures are never cached. What happens to the files
 * costs answers, which are asked again, and is said; a run never ends of it.
 */
export class CallCache {
  readonly #store: KeyedStore;
  readonly #folder: string;

  private constructor(store: KeyedStore, folder: string) {
    this.#store = store;
    this.#folder = folder;
  }

  static async open(
    cacheDir: string,
    { warn }: Pick<Progress, "warn">,
    largestBytes: number = LARGEST_CACHE_BYTES,
  ): Promise<CallCache> {
    const folder = path.join(cacheDir, "calls");
    const store = await KeyedStore.open(folder, ANSWERS, warn);
    store.bound(largestBytes);
    return new CallCache(store, folder);
  }

  /** Opens the cache to look at it or to clear it: what makes it useless is for `summary` and `clear` to say. */
  static async lookAt(cacheDir: string, { warn }: Pick<Progress, "warn">): Promise<CallCache> {
    const folder = path.join(cacheDir, "calls");
    return new CallCache(await KeyedStore.open(folder, ANSWERS, warn, { unusable: () => {} }), folder);
  }

  get(key: string): CachedAnswer | undefined {
    const value = this.#store.get(key);
    return value === undefined ? undefined : answerOf(value);
  }

  /** Caches an answer; resolves when it is written. */
  put(key: string, answer: CachedAnswer): Promise<void> {
    return this.#store.put(key, Buffer.from(JSON.stringify(answer)));
  }

  /** Goes over all that is kept, and sets it aside where it is damaged. @throws RunFailedError where it cannot be read */
  summary(): CacheSummary {
    this.#store.check();
    const span = this.#store.reduce({ entries: 0, oldest: Infinity, newest: -Infinity }, (before, value) => {
      const { at } = answerOf(value) ?? { at: Number.NaN };
      const { entries, oldest, newest } = before;
      return { entries: entries + 1, oldest: Math.min(oldest, at), newest: Math.max(newest, at) };
    });
    const { problem } = this.#store;
    if (problem !== null)
      throw new RunFailedError(
        `The answers kept in ${this.#folder} cannot be read (${problem}). Look after that folder, or name another by MOPBENCH_CACHE.`,
      );
    const date = (ms: number): string | null => (Number.isFinite(ms) ? new Date(ms).toISOString() : null);
    const { bytes } = this.#store;
    return { folder: this.#folder, entries: span.entries, bytes, oldest: date(span.oldest), newest: date(span.newest) };
  }

  /** Forgets everything. @throws RunFailedError where the disk does not let it */
  clear(): void {
    if (!this.#store.clear())
      throw new RunFailedError(`The answers kept in ${this.#folder} could not be forgotten; remove that folder.`);
  }

  close(): void {
    this.#store.close();
  }
}

function answerOf(value: Uint8Array): CachedAnswer | undefined {
  const answer: unknown = JSON.parse(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString());
  return isAnswer(answer) ? answer : undefined;
}

function isAnswer(value: unknown): value is CachedAnswer {
  return typeof value === "object" && value !== null && "at" in value && typeof value.at === "number";
}

/** How a run uses the cache. */
export interface CacheUse {
  /** `refresh` asks again and caches the new answer. */
  readonly mode: "use" | "refresh";
  /** Counts what the cache answers. */
  readonly meter: Meter;
  readonly now: () => number;
}

/** Answers calls from the cache, and caches the answers to others. The embedded toys are not worth it. */
export function cached(cache: CallCache, { mode, meter, now }: CacheUse): Layer {
  return (next, model) =>
    model.profile === undefined
      ? next
      : async (kind, request) => {
          const key = cacheKey(kind, request, model);
          const known = mode === "use" ? cache.get(key) : undefined;
          const hit = known === undefined ? null : kind.decode(known); // what cannot be read is asked again
          if (known !== undefined && hit !== null) {
            meter.answeredFromCache(known.at);
            return { ...hit, cachedAt: known.at };
          }
          const answer = await next(kind, request);
          const entry = { at: now(), ...kind.encode(answer) };
          await cache.put(key, entry);
          return { ...answer, ...kind.decode(entry) }; // as it will be read back
        };
}
