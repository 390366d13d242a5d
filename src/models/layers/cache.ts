import { mkdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { RootDatabase } from "lmdb";
import { z } from "zod";
import type { Completion, ScoredText } from "../model.ts";

/** What is kept of a call, and when it was first answered (ms since 1970). */
export type Kept =
  | { readonly at: number; readonly completion: Pick<Completion, "text" | "tokensIn" | "tokensOut" | "finish"> }
  | { readonly at: number; readonly tokens: readonly number[] };

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
 * Answers kept by content, shared between runs and processes (LMDB). Only answers of success are kept.
 */
export class CallCache {
  readonly #store: RootDatabase<Kept, string>;
  readonly #folder: string;

  private constructor(store: RootDatabase<Kept, string>, folder: string) {
    this.#store = store;
    this.#folder = folder;
  }

  static async open(cacheDir: string, largestBytes: number = LARGEST_CACHE_BYTES): Promise<CallCache> {
    const folder = path.join(cacheDir, "calls");
    await mkdir(folder, { recursive: true });
    const { open } = await import("lmdb");
    const cache = new CallCache(open<Kept, string>({ path: folder, encoding: "msgpack" }), folder);
    if (cache.#used() > largestBytes) await cache.#dropOldestQuarter();
    return cache;
  }

  get(key: string): Kept | undefined {
    return this.#store.get(key);
  }

  /** Keeps an answer; resolves when it is written. */
  async put(key: string, kept: Kept): Promise<void> {
    await this.#store.put(key, kept);
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

/** A kept score as the model gave it. */
export function scoredText(tokens: readonly number[]): ScoredText {
  const values = Float64Array.from(tokens);
  return { total: values.reduce((sum, value) => sum + value, 0), tokens: values };
}
