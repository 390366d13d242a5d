import type { CellCalls } from "../analysis/run-manifest.ts";
import type { CellId } from "../core/cell.ts";
import type { CallError } from "../core/errors.ts";
import type { Completion } from "../models/model.ts";

type Counts = { -readonly [K in keyof CellCalls]: CellCalls[K] };

/** Counts, cell by cell, retried, cached, reasoned and failed answers for run.json. */
export class CellTally {
  readonly #cells = new Map<string, Counts>();

  /** @param earlier what a resumed run counted before */
  constructor(earlier: readonly CellCalls[] = []) {
    for (const cell of earlier) this.#cells.set(keyOf(cell), { ...fresh(cell), ...cell });
  }

  answered(cell: CellId, { retries, cachedAt, raw }: Pick<Completion, "retries" | "cachedAt" | "raw">): void {
    const counts = this.#of(cell);
    counts.asked += 1;
    if ((retries ?? 0) > 0) counts.retried += 1;
    if (raw !== undefined) counts.reasoned += 1;
    if (cachedAt === undefined) return;
    const at = new Date(cachedAt).toISOString();
    counts.cached += 1;
    if (counts.oldestCachedAt === null || at < counts.oldestCachedAt) counts.oldestCachedAt = at;
  }

  failed(cell: CellId, { attempts }: CallError): void {
    const counts = this.#of(cell);
    counts.asked += 1;
    counts.failed += 1;
    if (attempts > 1) counts.retried += 1;
  }

  /** So many answers that were counted turned out to be none. */
  disowned(cell: CellId, count: number): void {
    if (count > 0) this.#of(cell).failed += count;
  }

  /** A finished cell of texts that have not one call each is made of so many calls. */
  filled(cell: CellId, calls: number, texts: number): void {
    const perText = texts === 0 ? 0 : Math.round((calls / texts) * 1000) / 1000;
    Object.assign(this.#of(cell), { calls, callsPerText: perText });
  }

  /** In the order the cells were begun. */
  get cells(): readonly CellCalls[] {
    return [...this.#cells.values()];
  }

  #of(cell: CellId): Counts {
    const key = keyOf(cell);
    const known = this.#cells.get(key);
    if (known !== undefined) return known;
    const counts = fresh(cell);
    this.#cells.set(key, counts);
    return counts;
  }
}

function fresh({ dataset, model, method, repeat }: CellId): Counts {
  const cell = { dataset, model, method, repeat };
  return { ...cell, asked: 0, retried: 0, cached: 0, oldestCachedAt: null, reasoned: 0, failed: 0 };
}

function keyOf({ dataset, model, method, repeat }: CellId): string {
  return JSON.stringify([dataset, model, method, repeat]);
}
