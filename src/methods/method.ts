import { definer } from "../core/definition.ts";
import type { Context, PopulationRecord } from "../core/record.ts";
import type { Stream } from "../core/stream.ts";
import type { Capability } from "../models/model.ts";
import type { FitContext, TrainSize } from "../mop/fit-context.ts";
import type { Draw } from "../prompts/draw.ts";

/** A method fitted to one (dataset, model), or needing no fit: draws prompts for contexts. */
export interface FittedMethod {
  /** How many distinct real texts its prompts can show; 0 is its own tier of the comparison. */
  readonly realTextsSeen: number;
  /** One line for the report: K, N, effective number of pairs, what was shrunk. */
  readonly summary: string;
  /**
   * Told every context `draw` and `exemplarWeights` will be asked for, before the first of them: methods with an encoder embed
   * them here. May be called again with more. Contexts of train are known already.
   */
  prepare?(contexts: readonly Context[]): Promise<void>;
  /** Depends on the state, the context and the stream only. */
  draw(context: Context, random: Stream): Draw;
  /** The method's clean-up of an answer (quote cut, trimming); identity with trim when absent. */
  clean?(raw: string): string;
  /** The texts its prompts can show, for memorization; empty when none. */
  readonly exemplars: readonly PopulationRecord[];
  /** Weight of each record of `exemplars` for a context (sums to one); absent where they are none of this data set, or there are none. */
  exemplarWeights?(context: Context): Float64Array;
}

/** What a method will ask of a model, told before it is paid: upper bounds. */
export interface MethodCost {
  /** Continuations the model scores in fitting. */
  readonly fitScored: number;
  /** Answers the model generates in fitting. */
  readonly fitGenerated: number;
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
   * What it will ask of a model, before anything is asked. Absent: no call in fitting, neither persona nor real text in prompts.
   * @throws InputError for options that this much data cannot meet
   */
  cost?(data: TrainSize): MethodCost;
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

/** Defines a method. */
export const defineMethod = definer<MethodEnvironment, Method>();
