import { CallError } from "../../core/errors.ts";
import type { CallAnswer, ProbeRequest } from "../model.ts";
import type { CallCost, CallKind } from "./call.ts";

/** What a server was found to do, or its refusal to say. */
export interface ProbeAnswer<Found> extends CallAnswer {
  readonly outcome: { readonly found: Found } | { readonly refusal: CallError };
  readonly cost: CallCost;
}

const FREE: CallCost = { tokensIn: 0, tokensOut: 0 };

/**
 * A question to a server about itself. What it refuses is an answer, so that no limiter closes for it. It is neither cached nor
 * recorded: the answer may be another one when the server is started anew.
 */
export function probeKind<Found>(): CallKind<ProbeRequest<Found>, ProbeAnswer<Found>> {
  return {
    name: "probe",
    lacking: "cannot be asked what it can do",
    provided: () => async (request) => {
      try {
        const found = await request.ask(request.signal);
        return { outcome: { found }, cost: request.cost(found) };
      } catch (error) {
        if (!isRefusal(error)) throw error;
        return { outcome: { refusal: error }, cost: FREE };
      }
    },
    key: () => ({}),
    encode: () => ({}),
    decode: () => null,
    bound: ({ bound }) => bound,
    cost: ({ cost }) => cost,
    mapTexts: (request) => request,
  };
}

function isRefusal(error: unknown): error is CallError {
  return error instanceof CallError && (error.kind === "bad-request" || error.kind === "not-found");
}
