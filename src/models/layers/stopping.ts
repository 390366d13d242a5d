import { CallError } from "../../core/errors.ts";
import type { Layer } from "../calls/call.ts";

/** Puts every call under the user's signal, and begins none once it has fired. @throws CallError `canceled` */
export function stopped(signal: AbortSignal): Layer {
  return (next) => async (kind, request) => {
    if (signal.aborted) throw new CallError("canceled", "The call was canceled.");
    return next(kind, { ...request, signal });
  };
}
