import type { CellId } from "./cell.ts";
import type { Progress } from "./progress.ts";
import type { ResultRow } from "./result.ts";
import type { Sample } from "./sample.ts";

/** What a run spent on one model so far. Counts include what a resumed run had spent before. */
export interface Spending {
  readonly generated: number;
  readonly scored: number;
  readonly cached: number;
  readonly retries: number;
  readonly errors: number;
  /** null once a call's cost was not known. */
  readonly usd: number | null;
}

/** A (dataset, model, method), fitted once for all its repeats. */
export type FitId = Omit<CellId, "repeat">;

/** What happens in a run, in the order it happens. Facts alone: no event can change a run. */
export type RunEvent =
  | { readonly type: "run.started"; readonly name: string; readonly dir: string; readonly cells: readonly CellId[] }
  | { readonly type: "fit.started"; readonly fit: FitId }
  | { readonly type: "fit.done"; readonly fit: FitId; readonly summary: string }
  /** One call ended, of a cell or of a fit; `cached`: an earlier run had asked. */
  | {
      readonly type: "call";
      readonly model: string;
      readonly kind: string;
      readonly cached: boolean;
      readonly failed: boolean;
    }
  | { readonly type: "sample"; readonly cell: CellId; readonly sample: Sample }
  | { readonly type: "cell.scored"; readonly cell: CellId; readonly rows: readonly ResultRow[] }
  | { readonly type: "spent"; readonly spent: Spending }
  /** A piece of work with a known number of steps: begun (`done` 0), further, and over (`over`). `id` tells equal labels apart. */
  | {
      readonly type: "work";
      readonly id: number;
      readonly label: string;
      readonly done: number;
      readonly total: number;
      readonly over: boolean;
    }
  | { readonly type: "note" | "warning"; readonly message: string }
  | { readonly type: "run.done"; readonly dir: string; readonly rows: readonly ResultRow[] };

/** Is told of every event, at once and in order; what it throws ends the run. */
export type RunListener = (event: RunEvent) => void;

/** Where the parts of a run tell how far they are, and all else that happens. */
export interface EventProgress extends Progress {
  emit(event: RunEvent): void;
}

/** Progress that becomes events. */
export function eventProgress(listener: RunListener): EventProgress {
  let works = 0;
  return {
    emit: listener,
    note: (message) => listener({ type: "note", message }),
    warn: (message) => listener({ type: "warning", message }),
    bar(label, total) {
      const id = works++;
      let done = 0;
      const tell = (over: boolean) => listener({ type: "work", id, label, done, total, over });
      tell(false);
      return {
        advance(steps = 1) {
          done += steps;
          tell(false);
        },
        done: () => tell(true),
      };
    },
  };
}
