import { hashOf } from "../../core/hash.ts";
import type { CallKind, ModelInfo } from "../calls/call.ts";
import type { CallAnswer, CallRequest } from "../model.ts";

/**
 * The key of a call in caches and recordings: its kind, the model's identity and everything else that the answer depends on.
 * @throws CallError for a request that the model cannot answer
 */
export function callKey<Request extends CallRequest, Answer extends CallAnswer>(
  kind: CallKind<Request, Answer>,
  request: Request,
  model: ModelInfo,
): string {
  return hashOf({ call: kind.name, identity: model.identity, ...kind.key(request, model) });
}

/**
 * The key of a call in the cache, which serves all runs: values of `${NAME}` count too, since another address is another server.
 * A recording goes by names, so that it can be replayed without them.
 */
export function cacheKey<Request extends CallRequest, Answer extends CallAnswer>(
  kind: CallKind<Request, Answer>,
  request: Request,
  model: ModelInfo,
): string {
  const key = callKey(kind, request, model);
  const variables = model.profile?.variables;
  return variables === undefined ? key : hashOf({ key, variables });
}
