import { InputError } from "../../core/errors.ts";
import { type Handler, type Layer, type ModelInfo, stack } from "../calls/call.ts";
import { choose } from "../calls/choose.ts";
import { generate } from "../calls/generate.ts";
import { score } from "../calls/score.ts";
import { type BaseModel, type ChooseRequest, type Chosen, type Scoring, scoringOf } from "../model.ts";

/** A model with layers around it: every kind of call goes through them. */
export interface LayeredModel extends BaseModel {
  /** Makes a call of any kind. @throws InputError when the model has no way to answer it */
  readonly call: Handler;
  /** Picks an option: the provider's own way or, with `withFallbacks` among the layers, by scores or by answers. */
  choose(request: ChooseRequest): Promise<Chosen>;
}

/**
 * A model with the layers around it, outermost first. The one place where a provider's methods become a handler, and the
 * handler the methods of a model again.
 * @param scoring what its scores are of; as it was recorded when a recording is replayed
 * @throws InputError of a layer that cannot stand around this model
 */
export function through(
  model: BaseModel,
  layers: readonly Layer[],
  scoring: Scoring | null = scoringOf(model),
): LayeredModel {
  const { id, can, remark, caveat, description, profile } = model;
  const info: ModelInfo = {
    id,
    identity: profile?.identity ?? { model: id, description },
    scoring,
    profile,
    provides: (kind) => kind.provided(model) !== undefined,
  };
  const provider: Handler = (kind, request) => {
    const ask = kind.provided(model);
    return ask?.(request) ?? Promise.reject(new InputError(`Model \`${id}\` ${kind.lacking}.`));
  };
  const call = stack(provider, info, layers);
  return {
    id,
    can: { ...can, promptLogprobs: scoring !== null, endLogprobs: scoring !== null && scoring.end !== null },
    remark,
    caveat,
    description,
    ...(profile === undefined ? {} : { profile }),
    call,
    generate: (request) => call(generate, request),
    choose: (request) => call(choose, request),
    ...(scoring === null ? {} : { scoring, score: (request) => call(score, request) }),
    close: async () => model.close?.(),
  };
}
