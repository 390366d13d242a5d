import { boundedRequest, type JsonAnswer } from "./bounded-request.ts";
import type { Caller } from "./failures.ts";

/**
 * An answer already read and parsed. A Response made from text builds a stream that costs more than the whole call; this one
 * has no body and knows what `json` and `text` say, which is all that the client packages ask.
 */
class JsonResponse extends Response {
  override readonly json: () => Promise<unknown>;
  override readonly text: () => Promise<string>;

  constructor({ text, value, status }: JsonAnswer) {
    // The type is set because some servers forget it, and clients then hand out a string.
    super(null, { status, headers: { "content-type": "application/json" } });
    this.json = async () => value;
    this.text = async () => text;
  }
}

/** `boundedRequest` as a client package's `fetch`. @throws CallError without the request's headers. */
export function boundedFetch(caller: Caller, secret: string | null, largest?: number): typeof globalThis.fetch {
  const send = boundedRequest(caller, secret, largest);
  return async (input, init) =>
    new JsonResponse(
      await send({
        url: new URL(input instanceof Request ? input.url : input),
        method: init?.method === "GET" ? "GET" : "POST",
        headers: Object.fromEntries(init?.headers instanceof Headers ? init.headers : new Headers(init?.headers)),
        body: typeof init?.body === "string" ? init.body : null,
        signal: init?.signal ?? null,
      }),
    );
}
