import { type RetryOptions, retrying } from "../../http/retry.ts";
import type { Layer } from "../calls/call.ts";
import type { Meter } from "./meter.ts";

/** How often and how patiently a run asks again. */
export interface Patience extends Pick<RetryOptions, "attempts" | "backoff" | "wait"> {
  /** Counts each attempt beyond the first as a call. */
  readonly meter: Meter;
}

/** Makes a call again after failures that may pass. What is in process does not fail so. */
export function retried({ meter, ...patience }: Patience): Layer {
  const onRetry = () => meter.retried();
  return (next, { profile }) =>
    profile === undefined
      ? next
      : async (kind, request) => {
          const { signal } = request;
          const { value, retries } = await retrying(() => next(kind, request), { ...patience, signal, onRetry });
          return retries === 0 ? value : { ...value, retries };
        };
}
