import { RateLimiters } from "../http/rate-limiter.ts";
import type { CallServices } from "../models/layers/layered.ts";
import { Meter } from "../models/layers/meter.ts";

/** The layers' services of a run that neither caches, records nor redacts, whose clock stands and whose retries hardly wait. */
export function callServices(changes: Partial<CallServices> = {}): CallServices {
  return {
    meter: new Meter(),
    limiters: new RateLimiters(),
    attempts: 2,
    cache: null,
    cacheMode: "use",
    recording: null,
    redact: null,
    offline: false,
    now: () => 1_000_000,
    backoff: { first: 1, longest: 2 },
    ...changes,
  };
}
