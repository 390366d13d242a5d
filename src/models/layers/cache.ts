import { mkdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { RootDatabase } from "lmdb";
import { z } from "zod";
import type { CachedAnswer, Layer } from "../calls/call.ts";
import { callKey } from "./call-key.ts";
import type { Meter } from "./meter.ts";

/** A look at the cache: `mopbench cache`. */
export interface CacheSummary {
  readonly folder: string;
  readonly entries: number;
  readonly bytes: number;
  readonly oldest: string | null;
  readonly newest: string | null;
}

/** What LMDB says of a database's pages. */
const pages = z.object({
  pageSize: z.number(),
  treeBranchPageCount: z.number(),
  treeLeafPageCount: z.number(),
  overflowPages: z.number(),
});

/** Past this the oldest quarter goes, when the cache is next opened. */
export const LARGEST_CACHE_BYTES = 2 * 1024 ** 3;

/**
 * Answers by the key of their call, shared between runs and processes (LMDB). Failures are never cached.
 */
export class CallCache {
  readonly #store: RootDatabase<CachedAnswer, string>;
  readonly #folder: string;

  private constructor(store: RootDatabase<CachedAnswer, string>, folder: string) {
    this.#store = store;
    this.#folder = folder;
  }

  static async open(cacheDir: string, largestBytes: number = LARGEST_CACHE_BYTES): Promise<CallCache> {
    const folder = path.join(cacheDir, "calls");
    await mkdir(folder, { recursive: true });
    const { open } = await import("lmdb");
    const cache = new CallCache(open<CachedAnswer, string>({ path: folder, encoding: "msgpack" }), folder);
    if (cache.#used() > largestBytes) await cache.#dropOldestQuarter();
    return cache;
  }

  get(key: string): CachedAnswer | undefined {
    return this.#store.get(key);
  }

  /** Caches an answer; resolves when it is written. */
  async put(key: string, answer: CachedAnswer): Promise<void> {
    await this.#store.put(key, answer);
  }

  async summary(): Promise<CacheSummary> {
    let oldest = Number.POSITIVE_INFINITY;
    let newest = Number.NEGATIVE_INFINITY;
    let entries = 0;
    for (const { value } of this.#store.getRange()) {
      entries += 1;
      oldest = Math.min(oldest, value.at);
      newest = Math.max(newest, value.at);
    }
    const date = (ms: number): string | null => (Number.isFinite(ms) ? new Date(ms).toISOString() : null);
    return { folder: this.#folder, entries, bytes: await this.#bytes(), oldest: date(oldest), newest: date(newest) };
  }

  async close(): Promise<void> {
    await this.#store.close();
  }

  /** Forgets everything. */
  static async clear(cacheDir: string): Promise<void> {
    await rm(path.join(cacheDir, "calls"), { recursive: true, force: true });
  }

  /** Bytes that entries take. The file is no measure: what is dropped leaves room in it, and it never shrinks. */
  #used(): number {
    const parsed = pages.safeParse(this.#store.getStats());
    if (!parsed.success) return 0;
    const { pageSize, treeBranchPageCount, treeLeafPageCount, overflowPages } = parsed.data;
    return pageSize * (treeBranchPageCount + treeLeafPageCount + overflowPages);
  }

  async #bytes(): Promise<number> {
    try {
      return (await stat(path.join(this.#folder, "data.mdb"))).size;
    } catch {
      return 0;
    }
  }

  async #dropOldestQuarter(): Promise<void> {
    const ages = [...this.#store.getRange().map(({ key, value }) => ({ key, at: value.at }))];
    ages.sort((a, b) => a.at - b.at);
    await this.#store.transaction(() => {
      for (const { key } of ages.slice(0, Math.ceil(ages.length / 4))) this.#store.remove(key);
    });
  }
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
          const key = callKey(kind, request, model);
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
