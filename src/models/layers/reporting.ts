import type { Layer } from "../calls/call.ts";

/** One call that ended, however it was come by. */
export interface EndedCall {
  readonly model: string;
  /** The kind of call: `generate`, `score`, ... */
  readonly kind: string;
  /** An earlier run had asked. */
  readonly cached: boolean;
  readonly failed: boolean;
}

/** Tells of every call as it ends. */
export function reported(onCall: (call: EndedCall) => void): Layer {
  return (next, { id }) =>
    async (kind, request) => {
      let ended: EndedCall = { model: id, kind: kind.name, cached: false, failed: true };
      try {
        const answer = await next(kind, request);
        ended = { ...ended, cached: answer.cachedAt !== undefined, failed: false };
        return answer;
      } finally {
        onCall(ended);
      }
    };
}
