import type { JsonObject } from "../core/hash.ts";
import type { Progress } from "../core/progress.ts";
import type { PopulationRecord } from "../core/record.ts";
import type { Decoding } from "../core/sample.ts";
import type { Stream } from "../core/stream.ts";
import type { Encoder } from "../encoders/encoder.ts";
import type { BaseModel } from "../models/model.ts";
import { type Ask, drawOf } from "../prompts/ask.ts";
import type { PromptRenderer } from "../prompts/prompt.ts";

/** What a method may use to fit: never gold, reserve or the truth. */
export interface FitContext {
  readonly datasetId: string;
  /** For the artifact: how to find the same data again. */
  readonly locator: JsonObject;
  readonly train: readonly PopulationRecord[];
  /** The exemplar pool, as `Dataset.pool`. */
  pool(size: number): readonly PopulationRecord[];
  /** Records in the exemplar pool of methods that name no number, as in TrainSize. */
  readonly sharedPool?: number | null | undefined;
  readonly model: BaseModel;
  /** The encoder that fits gates; the run's first one unless the method's options name another. */
  readonly encoder: Encoder;
  readonly prompts: PromptRenderer;
  readonly decoding: Decoding;
  /** Own stream of (dataset, model, method). */
  readonly random: Stream;
  /** Folder for what the fit keeps (mop.json, the score table): artifacts/<dataset>/<model>/<method>. It is there, and survives a resume. */
  readonly artifactDir: string;
  /** Paths in options are relative to it. */
  readonly baseDir: string;
  readonly concurrency: number;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
  /** Asks the model; what is answered is kept until the fit has ended, so that no call is made twice. See `askOf`. */
  readonly ask?: Ask | undefined;
}

/**
 * How a fit asks its model: as its context says, else plainly, where nothing is kept.
 * @example
 * const ask = askOf(context); // in a fit that generates: what it asks under a key is asked once, whatever is interrupted
 * const reply = await ask({ key: "persona-3", prompt, decoding });
 */
export function askOf({ ask, model, decoding, random, signal }: FitContext): Ask {
  const plainly: Ask = async (call) => {
    const asked = { prompt: call.prompt, decoding: { ...decoding, ...call.decoding }, signal };
    const { text } = await model.generate({ ...asked, ...drawOf(random, call) });
    return { text, cached: false };
  };
  return ask ?? plainly;
}

/** How much there is to fit on; a FitContext is one. */
export interface TrainSize {
  readonly datasetId: string;
  readonly train: readonly Pick<PopulationRecord, "context">[];
  /** Records in the exemplar pool of methods that name no number: what others of the run name. null or absent: the default. */
  readonly sharedPool?: number | null | undefined;
}
