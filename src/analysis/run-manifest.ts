import type { CellId } from "../core/cell.ts";
import type { JsonObject } from "../core/hash.ts";
import type { NearCopies } from "../data/dataset.ts";
import type { MetricDescription } from "../metrics/describe.ts";
import type { Spent } from "../models/layers/meter.ts";
import type { Capabilities } from "../models/model.ts";

/** How a cell's answers were come by. */
export interface CellCalls extends CellId {
  /** Answers asked for in this run, and in those it resumes; failed ones counted. */
  readonly asked: number;
  /** Of these, asked more than once. */
  readonly retried: number;
  /** Of these, answered from the cache, and when the oldest of them was first given. */
  readonly cached: number;
  readonly oldestCachedAt: string | null;
  /** Of these, answered with reasoning before the text, which was cut. */
  readonly reasoned: number;
  /** Of these, failed for good. */
  readonly failed: number;
  /**
   * Calls that the finished cell is made of, and how many that is for one of its texts; absent where each text has one call of its
   * own. Those of `asked` that a kill lost are not among them.
   */
  readonly calls?: number;
  readonly callsPerText?: number;
}

/** How many there are, and a SHA-256 of them. */
export interface Counted {
  readonly n: number;
  readonly checksum: string;
}

/** `run.json`: everything a reader needs to trust and repeat a run, beside results.json. */
export interface RunManifest {
  readonly schema: 1;
  /** What tells this run from every other, one of the same config too. Absent in run folders of version 0.1. */
  readonly id?: string;
  readonly name: string;
  readonly version: string;
  /** The config as resolved: defaults filled in, ids, flags applied; secrets are names only. */
  readonly config: JsonObject;
  /** Hash of what decides the results: --resume refuses a folder whose hash differs. */
  readonly configHash: string;
  readonly seed: number;
  /** What --limit and --only cut away; null for a full run, so that a limited one never passes for it. */
  readonly limited: { readonly samples: number | null; readonly only: string | null } | null;
  readonly datasets: readonly {
    readonly id: string;
    readonly title: string;
    readonly license: string;
    readonly locator: JsonObject;
    readonly parts: { readonly [part: string]: Counted };
    /** Records with a near-copy, kept in one part or left out of train; null where none was looked for. */
    readonly nearCopies: NearCopies | null;
    readonly contexts: number;
    /** The contexts every cell asks for, in order. A function of the data and `splitSeed`, as are the gold texts. */
    readonly asked: Counted;
    /** The gold texts a full cell is scored against, in order. */
    readonly scoredAgainst: Counted;
    readonly truth: boolean;
  }[];
  readonly models: readonly {
    readonly id: string;
    readonly remark: string | null;
    /** What must be said beside every table of its results; absent where there is nothing. */
    readonly caveat?: string | undefined;
    readonly can: Capabilities;
    /** As opened for each dataset: some models learn from one (embedded). */
    readonly description: { readonly [dataset: string]: JsonObject };
    /** How its server was asked otherwise than the protocol says, a sentence each; absent: in no way. */
    readonly adapted?: readonly string[];
  }[];
  readonly encoders: readonly {
    readonly id: string;
    readonly description: { readonly [dataset: string]: JsonObject };
  }[];
  readonly methods: readonly {
    readonly id: string;
    readonly name: string;
    readonly options: JsonObject;
    /** Per (dataset, model): how many real texts its prompts can show, and the fit in one line. */
    readonly fits: readonly {
      readonly dataset: string;
      readonly model: string | null;
      readonly realTextsSeen: number;
      /** Real texts it chose from: its exemplar pool and what its personas quote. */
      readonly pool?: number;
      readonly summary: string;
    }[];
  }[];
  /** Every metric with a row. Absent in run folders of version 0.1. */
  readonly metrics?: readonly MetricDescription[];
  readonly host: JsonObject;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  /** Seconds by stage. */
  readonly seconds: { readonly [stage: string]: number };
  readonly calls: Spent;
  /** How the answers of each cell were come by. */
  readonly cells: readonly CellCalls[];
  readonly warnings: readonly string[];
  /** The exit code, null while it runs. */
  readonly exit: number | null;
  /** SHA-256 of each file that the run finished, by its path in the folder. Absent in run folders of version 0.1. */
  readonly files?: { readonly [path: string]: string };
}
