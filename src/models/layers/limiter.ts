import type { RateLimiters } from "../../http/rate-limiter.ts";
import type { Layer } from "../calls/call.ts";

/** Holds calls to what their account bears, and each to its time; the request's signal becomes the attempt's own. */
export function limited(limiters: RateLimiters): Layer {
  return (next, { profile }) => {
    if (profile === undefined || profile.account === null) return next;
    const limiter = limiters.of(profile.account, profile.limits);
    const { timeoutMs } = profile.limits;
    return (kind, request) => {
      const { tokensIn, tokensOut } = limiter.countsTokens ? kind.bound(request) : NOT_COUNTED;
      const requests = profile.requests?.[kind.name] ?? 1;
      const options = { tokens: tokensIn + tokensOut, requests, signal: request.signal, timeoutMs };
      return limiter.run((signal) => next(kind, { ...request, signal }), options);
    };
  };
}

const NOT_COUNTED = { tokensIn: 0, tokensOut: 0 };
