import type { JsonObject } from "../../core/hash.ts";
import type { BaseModel, CallAnswer, CallProfile, CallRequest, Completion, Scoring } from "../model.ts";

/** What a cache or a recording holds of one call: when it was first answered (ms since 1970), and what its kind keeps of the answer. */
export interface CachedAnswer {
  readonly at: number;
  readonly [part: string]: unknown;
}

/** What a call costs. null: the server does not say. */
export interface CallCost {
  readonly tokensIn: number | null;
  readonly tokensOut: number | null;
  /** Requests that it took. @default as many as the model's profile says of its kind, at most */
  readonly requests?: number | undefined;
}

/**
 * A kind of call: all that the layers need to know of it, so that none of them names one. A new kind is one such value and,
 * where a provider answers it itself, one optional method of BaseModel.
 */
export interface CallKind<Request extends CallRequest, Answer extends CallAnswer> {
  /** Part of the key of every call, so one name for one kind, for good. */
  readonly name: string;
  /** What a model without it is said to lack: "`id` gives no ...". */
  readonly lacking: string;
  /** The provider's own method; undefined where it has none. */
  provided(model: BaseModel): ((request: Request) => Promise<Answer>) | undefined;
  /**
   * What an answer depends on beside the model's identity.
   * @throws CallError for a request that the model cannot answer
   */
  key(request: Request, model: ModelInfo): JsonObject;
  /** What caches and recordings hold of an answer, as JSON. */
  encode(answer: Answer): JsonObject;
  /** The answer that they hold; null where it is none of this kind. */
  decode(cached: CachedAnswer): Answer | null;
  /** Upper bound of tokens, for budgets and limits by the minute. */
  bound(request: Request): { readonly tokensIn: number; readonly tokensOut: number };
  /** What an answer really cost. */
  cost(answer: Answer): CallCost;
  /** The request with each of its texts that a model is shown replaced. */
  mapTexts(request: Request, map: (text: string) => string): Request;
  /** The answer with what the model wrote replaced; absent where answers hold no text of a model's. */
  mapWritten?(answer: Answer, map: (written: Completion) => Completion): Answer;
  /** Answers by other kinds of call where the provider has no method of its own. */
  fallback?(request: Request, call: Handler, model: ModelInfo): Promise<Answer>;
}

/** Makes a call of any kind. */
export type Handler = <Request extends CallRequest, Answer extends CallAnswer>(
  kind: CallKind<Request, Answer>,
  request: Request,
) => Promise<Answer>;

/** What layers and kinds may know of the model that is called. */
export interface ModelInfo {
  readonly id: string;
  /** What its answers depend on beside the request. */
  readonly identity: JsonObject;
  /** What its scores are of, as settled for the run; null: it gives none. */
  readonly scoring: Scoring | null;
  readonly profile: CallProfile | undefined;
  /** Whether the provider answers the kind itself. */
  provides<Request extends CallRequest, Answer extends CallAnswer>(kind: CallKind<Request, Answer>): boolean;
}

/** One thing done around every call of a model, whatever its kind. One that has nothing to do for a model gives back `next`. */
export type Layer = (next: Handler, model: ModelInfo) => Handler;

/** The layers around a handler, outermost first. */
export function stack(inner: Handler, model: ModelInfo, layers: readonly Layer[]): Handler {
  return layers.reduceRight((next, layer) => layer(next, model), inner);
}
