import { definer } from "../core/definition.ts";
import type { JsonObject } from "../core/hash.ts";
import type { Progress } from "../core/progress.ts";
import type { Context, PopulationRecord } from "../core/record.ts";
import type { Decoding } from "../core/sample.ts";
import type { Stream } from "../core/stream.ts";
import type { Encoder } from "../encoders/encoder.ts";
import type { Capability } from "../models/model.ts";
import type { FitContext, TrainSize } from "../mop/fit-context.ts";
import type { AskedCall, AskedChoice, Choice, Reply } from "../prompts/ask.ts";

/** What a fitted method is given to fill one cell. */
export interface CellTask {
  /** What the slots of the cell are for: slot i wants a text for contexts[i]. */
  readonly contexts: readonly Context[];
  /**
   * The cell's own stream, of (seed, dataset, model, method, repeat). Derive from it by slot or round and a word ("draw"): the
   * stream named by a call's key alone is that call's.
   */
  readonly random: Stream;
  /** The encoder that the method was fitted with. */
  readonly encoder: Encoder;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Does `work` for 0..n-1, as many at once as the run allows. @throws the first error of `work`, after which none is begun */
  each(n: number, work: (i: number) => Promise<void>): Promise<void>;
  /**
   * Asks the model. An answer that the cell's journal holds to this prompt is taken from it; a new one is kept there at once, so
   * that the call is made once, whatever is interrupted. Bounded, limited, cached and counted like every call of the run.
   * @returns null when the call failed for good and no more failed than `maxErrorRate` allows
   * @throws InterruptedError, RunFailedError or InputError when the cell cannot go on: let it pass
   */
  ask(call: AskedCall): Promise<Reply | null>;
  /** Lets the model choose one of several options; otherwise as `ask`. @throws InputError when the model cannot choose */
  choose(call: AskedChoice): Promise<Choice | null>;
}

/** A text for a slot, and what went into it. */
export interface Produced {
  readonly slot: number;
  /** null: none could be made; the slot's record then says why. */
  readonly text: string | null;
  /** Id of the persona, or null. */
  readonly persona: string | null;
  /** Ids of the real records shown. */
  readonly exemplars: readonly string[];
  /** Keys of the calls that made it, the last one last: one, or one shared by several slots, or a chain. */
  readonly calls: readonly string[];
  /** Columns of the method's own: votes, round, verbalized probability. */
  readonly notes?: JsonObject | undefined;
}

/** A method fitted to one (dataset, model), or needing no fit: fills cells. */
export interface FittedMethod {
  /** How many distinct real texts its prompts can show; 0 is its own tier of the comparison. */
  readonly realTextsSeen: number;
  /** One line for the report: K, N, effective number of pairs, what was shrunk. */
  readonly summary: string;
  /**
   * Told every context `fill` and `exemplarWeights` will be asked for, before the first of them: methods with an encoder embed
   * them here. May be called again with more. Contexts of train are known already.
   */
  prepare?(contexts: readonly Context[]): Promise<void>;
  /**
   * Fills a cell: `put`s a text for each slot, in any order, each once. What it asks and puts depends on the fit, the task's
   * contexts, its stream and the answers only. A slot that is never put has no text. Written by hand or by a helper of fill.ts.
   */
  fill(task: CellTask, put: (produced: Produced) => void): Promise<void>;
  /** The texts its prompts can show, for memorization; empty when none. */
  readonly exemplars: readonly PopulationRecord[];
  /** Weight of each record of `exemplars` for a context (sums to one); absent where they are none of this data set, or there are none. */
  exemplarWeights?(context: Context): Float64Array;
}

/** Calls of a model, by kind. */
export interface CallCounts {
  /** Answers it writes. */
  readonly generated: number;
  /** Continuations it scores. */
  readonly scored: number;
  /** Choices among options. */
  readonly chosen: number;
  /** Options of one choice at most: a model may have to score each. Default 2. */
  readonly options?: number;
}

/** What one cell asks of a model at most. */
export interface CellCost extends CallCounts {
  /** Tokens that its prompts hold beyond the dataset's templates at most: answers shown again, options listed. Default 0. */
  readonly addedTokens?: number;
  /** Tokens of an answer at most, where it asks for another number than the run's decoding. */
  readonly maxTokens?: number;
}

/** What a method will ask of a model, told before it is paid: upper bounds. */
export interface MethodCost {
  /** What a fit asks. */
  readonly fit: CallCounts;
  /** What a cell asks, one sample a context. Absent: one answer a sample. */
  cell?(contexts: readonly Context[], decoding: Decoding): CellCost;
  /** Real texts shown in one prompt. */
  readonly exemplarsPerPrompt: number;
  /** The longest of them, where they are none of train. */
  readonly longestExemplar?: PopulationRecord;
  /** UTF-8 bytes of the longest persona; 0 without. */
  readonly personaBytes: number;
}

/** A prompting method with its options bound. Made by one factory a file; registered in registry.ts. */
export interface Method {
  /** The registry's name. */
  readonly name: string;
  /** What the model must be able to do. */
  readonly needs: readonly Capability[];
  /** What makes do without one of the needs, in words ("with `objective: mmd` it learns from answers alone"); absent where nothing does. */
  readonly without?: { readonly need: Capability; readonly how: string } | undefined;
  /** How many real texts its prompts show, in words for docs and tables ("0; personas derived from train"). */
  readonly sees: string;
  /** Records in its exemplar pool: as its options or its artifact say, null where these say nothing; absent where it has none. */
  readonly pool?: number | null | undefined;
  /** Id of the run's encoder that its fit is given; absent: the first. */
  readonly encoder?: string | undefined;
  /** Set for texts made elsewhere: the cell takes these and calls no model (`fit` refuses). */
  readonly madeElsewhere?: MadeElsewhere;
  /**
   * What it will ask of a model, before anything is asked. Absent: no call in fitting, one answer a sample, neither persona nor
   * real text in prompts.
   * @throws InputError for options that this much data cannot meet
   */
  cost?(data: TrainSize): MethodCost;
  /**
   * Holds what its options name against a data set and the encoder it will be given, before anything of that data set is asked.
   * @throws InputError when an artifact is another encoder's or leaves out texts that the data do not have
   */
  check?(data: Pick<FitContext, "train" | "encoder" | "prompts">): void;
  fit(context: FitContext): Promise<FittedMethod>;
}

/** A synthetic set that stands in a table as a method. */
export interface MadeElsewhere {
  /** The model that is said to have written it; null where nobody says. */
  readonly model: string | null;
  /** Its rows in the file's order; `onNote` is told what a user should know of the reading. @throws InputError when the file or a column is missing, or there is no text. */
  load(onNote: (message: string) => void): Promise<readonly MadeText[]>;
}

export interface MadeText {
  readonly text: string;
  readonly context: string | null;
  readonly label: string | null;
}

/** What a method's factory may use. */
export interface MethodEnvironment {
  /** Paths in options are relative to it. */
  readonly baseDir: string;
}

/**
 * Defines a method.
 * @example
 * const plain = defineMethod({
 *   summary: "the task alone",
 *   options: z.strictObject({}),
 *   id: () => "plain",
 *   create: () => ({
 *     name: "plain", needs: [], sees: "0",
 *     fit: async ({ prompts }) => ({
 *       realTextsSeen: 0, summary: "no fit", exemplars: [],
 *       fill: oneCallEach((context) => ({ prompt: prompts.render({ context, persona: null, exemplars: [] }), persona: null, exemplars: [] })),
 *     }),
 *   }),
 * });
 */
export const defineMethod = definer<MethodEnvironment, Method>();
