import { CallError, InputError } from "../../core/errors.ts";
import type { RateLimiters } from "../../http/rate-limiter.ts";
import { retrying } from "../../http/retry.ts";
import {
  type BaseModel,
  type CallProfile,
  type Completion,
  type GenerateRequest,
  type ScoredText,
  type ScoreRequest,
  type Scoring,
  scoringOf,
} from "../model.ts";
import { type CallCache, type Kept, scoredText } from "./cache.ts";
import { generateKey, scoreKey } from "./call-key.ts";
import type { Meter } from "./meter.ts";
import type { Recording } from "./recording.ts";

/** What the layers of a run share. */
export interface CallServices {
  readonly meter: Meter;
  readonly limiters: RateLimiters;
  /** Attempts a call, the first one counted. */
  readonly attempts: number;
  /** null: `cache.mode: off`. */
  readonly cache: CallCache | null;
  /** `refresh` asks again and keeps the new answer. */
  readonly cacheMode: "use" | "refresh";
  readonly recording: Recording | null;
  /** Refuse every call out. */
  readonly offline: boolean;
  readonly now: () => number;
  readonly backoff?: { readonly first: number; readonly longest: number };
}

/** What a chat template may add to a prompt. */
const TEMPLATE_TOKENS = 64;

/**
 * One layer each around a model: recording, cache, meter with budget, retry, limiter (outermost first). A model without a
 * profile (the embedded toys) is counted and recorded, nothing else.
 * @param scoring what its scores are of; as it was recorded when a recording is replayed
 * @throws InputError when the run is offline and the model calls out, or a budget in dollars meets a model without a price.
 */
export function layered(
  model: BaseModel,
  services: CallServices,
  scoring: Scoring | null = scoringOf(model),
): BaseModel {
  const { profile } = model;
  const recording = services.recording;
  const callsOut = profile?.account != null;
  if (callsOut && services.offline && !recording?.replays) {
    throw new InputError(
      `Model \`${model.id}\` calls a server, and the run is --offline. Use an in-process model or drop the flag.`,
    );
  }
  if (profile !== undefined && profile.price === null && services.meter.boundsCost) {
    throw new InputError(
      `budget.usd needs the price of \`${model.id}\`: give the model \`price: {inputPerMillion, outputPerMillion}\`, or bound calls or tokens instead.`,
    );
  }
  if (profile === undefined && recording === null) return counted(model, services.meter);
  const identity = profile?.identity ?? { model: model.id, description: model.description };
  const cache = profile === undefined || recording?.replays ? null : services.cache;

  /** Answers from the recording or the cache, else asks and keeps. */
  const remembered = async (
    keyOf: () => string,
    ask: () => Promise<Kept>,
  ): Promise<{ kept: Kept; cached: boolean }> => {
    if (cache === null && recording === null) return { kept: await ask(), cached: false };
    const key = keyOf();
    if (recording?.replays) return { kept: recording.answer(key), cached: false };
    const known = services.cacheMode === "use" ? cache?.get(key) : undefined;
    if (known !== undefined) {
      services.meter.answeredFromCache(known.at);
      await recording?.add(key, known);
      return { kept: known, cached: true };
    }
    const kept = await ask();
    await cache?.put(key, kept);
    await recording?.add(key, kept);
    return { kept, cached: false };
  };

  const generate = async (request: GenerateRequest): Promise<Completion> => {
    let retries = 0;
    const { kept, cached } = await remembered(
      () => generateKey(identity, request),
      async () => {
        const bound = { tokensIn: tokensOf(request.prompt), tokensOut: request.decoding.maxTokens };
        const result = await guarded(profile, services, bound, request.signal, async (signal) => {
          const completion = await model.generate({ ...request, signal });
          return {
            value: completion,
            tokensIn: completion.tokensIn,
            tokensOut: completion.tokensOut,
            kind: "generate",
          };
        });
        retries = result.retries;
        const { text, tokensIn, tokensOut, finish } = result.value;
        return { at: services.now(), completion: { text, tokensIn, tokensOut, finish } };
      },
    );
    if (!("completion" in kept)) throw new CallError("malformed", "The kept answer is a score, not a text.");
    return { ...kept.completion, retries, ...(cached ? { cachedAt: kept.at } : {}) };
  };

  const score = async (request: ScoreRequest): Promise<ScoredText> => {
    if (scoring === null)
      throw new InputError(`Model \`${model.id}\` gives no log-probabilities of texts it is shown.`);
    const { kept } = await remembered(
      () => scoreKey(identity, scoring, request),
      async () => {
        // The prompt alone is scored too, once for all its continuations; one more token is the text's end.
        const prompt = tokensOf(request.prompt);
        const bound = { tokensIn: 2 * prompt + Buffer.byteLength(request.continuation) + 1, tokensOut: 2 };
        const result = await guarded(profile, services, bound, request.signal, async (signal) => {
          const scored = await model.score?.({ ...request, signal });
          if (scored === undefined) {
            throw new InputError(`Model \`${model.id}\` gives no log-probabilities of texts it is shown.`);
          }
          return { value: scored, tokensIn: scored.tokensIn ?? null, tokensOut: 0, kind: "score" };
        });
        return { at: services.now(), tokens: [...result.value.tokens] };
      },
    );
    if (!("tokens" in kept)) throw new CallError("malformed", "The kept answer is a text, not a score.");
    return scoredText(kept.tokens);
  };

  return {
    id: model.id,
    can: model.can,
    remark: model.remark,
    caveat: model.caveat,
    description: model.description,
    ...(scoring === null ? {} : { scoring }),
    ...(profile === undefined ? {} : { profile }),
    generate,
    ...(model.score === undefined ? {} : { score }),
    close: async () => model.close?.(),
  };
}

/** An embedded toy: its calls are counted and cost nothing. */
function counted(model: BaseModel, meter: Meter): BaseModel {
  const score = model.score?.bind(model);
  return {
    id: model.id,
    can: model.can,
    remark: model.remark,
    caveat: model.caveat,
    description: model.description,
    ...(model.scoring === undefined ? {} : { scoring: model.scoring }),
    close: async () => model.close?.(),
    async generate(request) {
      const reservation = meter.reserve({ tokensIn: 0, tokensOut: 0 }, null);
      const completion = await model.generate(request);
      meter.settle(reservation, { ...completion, kind: "generate", price: FREE });
      return completion;
    },
    ...(score === undefined
      ? {}
      : {
          async score(request: ScoreRequest) {
            const reservation = meter.reserve({ tokensIn: 0, tokensOut: 0 }, null);
            const scored = await score(request);
            meter.settle(reservation, { kind: "score", tokensIn: scored.tokens.length, tokensOut: 0, price: FREE });
            return scored;
          },
        }),
  };
}

const FREE = { inputPerMillion: 0, outputPerMillion: 0 };

interface Outcome<T> {
  readonly value: T;
  readonly kind: "generate" | "score";
  readonly tokensIn: number | null;
  readonly tokensOut: number | null;
}

/** One call through meter, retry and limiter. */
async function guarded<T>(
  profile: CallProfile | undefined,
  services: CallServices,
  bound: { readonly tokensIn: number; readonly tokensOut: number },
  stop: AbortSignal | undefined,
  call: (signal: AbortSignal | undefined) => Promise<Outcome<T>>,
): Promise<{ value: T; retries: number }> {
  const { meter } = services;
  const price = profile?.price ?? null;
  const reservation = meter.reserve(bound, price);
  try {
    const { value: outcome, retries } =
      profile === undefined
        ? { value: await call(stop), retries: 0 }
        : await retrying(() => inLimiter(profile, services, bound, stop, call), {
            attempts: services.attempts,
            signal: stop,
            onRetry: () => meter.retried(),
            ...(services.backoff === undefined ? {} : { backoff: services.backoff }),
          });
    meter.settle(reservation, { kind: outcome.kind, tokensIn: outcome.tokensIn, tokensOut: outcome.tokensOut, price });
    return { value: outcome.value, retries };
  } catch (error) {
    meter.settle(reservation, { kind: "error", tokensIn: null, tokensOut: null, price });
    throw error;
  }
}

function inLimiter<T>(
  profile: CallProfile,
  { limiters }: CallServices,
  bound: { readonly tokensIn: number; readonly tokensOut: number },
  signal: AbortSignal | undefined,
  call: (signal: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  if (profile.account === null) return call(signal);
  const limiter = limiters.of(profile.account, profile.limits);
  return limiter.run(call, { tokens: bound.tokensIn + bound.tokensOut, signal });
}

/** An upper bound of a prompt's tokens: no tokenizer in use makes more than one of a byte. */
function tokensOf(prompt: GenerateRequest["prompt"]): number {
  const slots = [prompt.instruction, prompt.persona, prompt.example, prompt.task];
  return slots.reduce((sum, slot) => sum + Buffer.byteLength(slot), TEMPLATE_TOKENS);
}
