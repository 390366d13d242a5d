import type { Layer } from "../calls/call.ts";

/** Answers a kind of call that the provider lacks by calls of other kinds, where the kind knows how. */
export const withFallbacks: Layer = (next, model) => (kind, request) =>
  kind.fallback === undefined || model.provides(kind) ? next(kind, request) : kind.fallback(request, next, model);
