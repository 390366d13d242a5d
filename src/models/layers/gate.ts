import type { Layer } from "../calls/call.ts";

/** Lets no call out once `check` throws. The innermost layer: calls that wait for their turn, or to be made again, are not made either. */
export function gated(check: () => void): Layer {
  return (next) => async (kind, request) => {
    check();
    return next(kind, request);
  };
}
