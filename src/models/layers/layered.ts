import { InputError } from "../../core/errors.ts";
import type { RateLimiters } from "../../http/rate-limiter.ts";
import type { RetryOptions } from "../../http/retry.ts";
import type { Redactor } from "../../prompts/redact.ts";
import type { Layer } from "../calls/call.ts";
import { type BaseModel, type Scoring, scoringOf } from "../model.ts";
import { type CallCache, cached } from "./cache.ts";
import { withFallbacks } from "./fallback.ts";
import { gated } from "./gate.ts";
import { limited } from "./limiter.ts";
import { type Meter, metered } from "./meter.ts";
import { withoutReasoning } from "./reasoning.ts";
import { type Recording, recorded } from "./recording.ts";
import { redacted } from "./redaction.ts";
import { type EndedCall, reported } from "./reporting.ts";
import { retried } from "./retry.ts";
import { type LayeredModel, through } from "./through.ts";

/** What the layers of a run share. */
export interface CallServices {
  readonly meter: Meter;
  readonly limiters: RateLimiters;
  /** Attempts a call, the first one counted. */
  readonly attempts: number;
  /** null: `cache.mode: off`. */
  readonly cache: CallCache | null;
  /** `refresh` asks again and caches the new answer. */
  readonly cacheMode: "use" | "refresh";
  readonly recording: Recording | null;
  /** null: personal data are sent as they are. */
  readonly redact: Redactor | null;
  /** Refuse every call out. */
  readonly offline: boolean;
  readonly now: () => number;
  /** Throws once nothing more may be asked. */
  readonly mayAsk?: () => void;
  /** Is told of every call as it ends. */
  readonly onCall?: (call: EndedCall) => void;
  readonly backoff?: RetryOptions["backoff"] | undefined;
  readonly wait?: RetryOptions["wait"] | undefined;
}

/** What of it a call needs that is sent. */
export type Sending = Pick<CallServices, "meter" | "limiters" | "attempts" | "backoff" | "wait" | "mayAsk">;

/**
 * A model as a run uses it.
 * @param scoring what its scores are of; as it was recorded when a recording is replayed
 * @throws InputError when the run is offline and the model calls out, or a budget in dollars meets a model without a price.
 */
export function layered(
  model: BaseModel,
  services: CallServices,
  scoring: Scoring | null = scoringOf(model),
): LayeredModel {
  const replays = services.recording?.replays ?? false;
  if (services.offline && !replays && model.profile?.account != null) {
    throw new InputError(
      `Model \`${model.id}\` calls a server, and the run is --offline. Use an in-process model or drop the flag.`,
    );
  }
  return through(model, layersOf(services), scoring);
}

/** The layers of a run, outermost first. What is replayed goes no further than the recording. */
function layersOf({ cache, cacheMode, recording, redact, now, onCall, ...sending }: CallServices): Layer[] {
  return [
    ...(redact === null ? [] : [redacted(redact, (count) => sending.meter.replaced(count))]),
    withFallbacks,
    withoutReasoning,
    ...(onCall === undefined ? [] : [reported(onCall)]),
    ...(recording === null ? [] : [recorded(recording, now)]),
    ...(cache === null ? [] : [cached(cache, { mode: cacheMode, meter: sending.meter, now })]),
    ...sendingLayers(sending),
  ];
}

/** The layers of each call that is sent, outermost first. */
export function sendingLayers({ meter, limiters, attempts, backoff, wait, mayAsk }: Sending): Layer[] {
  return [
    retried({ meter, attempts, ...(backoff && { backoff }), ...(wait && { wait }) }),
    metered(meter), // each attempt by itself: one that waits to be made again holds nothing of the budget
    limited(limiters),
    ...(mayAsk === undefined ? [] : [gated(mayAsk)]),
  ];
}
