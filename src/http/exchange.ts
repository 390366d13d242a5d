import type { Dispatcher } from "undici";
import { CallError } from "../core/errors.ts";
import { BodiesInFlight, type BodyInFlight } from "./bodies-in-flight.ts";
import { tooLarge } from "./content-encoding.ts";
import { GrowingBody } from "./growing-body.ts";
import { whereTo } from "./where-to.ts";

/** A request as it is sent. */
export interface HttpRequest {
  readonly url: URL;
  /** The address as messages show it; default: `whereTo(url)`. */
  readonly shown?: string;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly signal: AbortSignal | null;
}

/** An answer read to its end. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/**
 * Sends one request over undici's connections and reads the whole answer. By its handlers, since `request` makes a stream of
 * every answer, which costs as much as all the rest.
 * @param largest bytes of a body; more is refused while it is read
 * @param bodies what bounds the bytes of all answers that are being read; default: it is alone
 * @throws CallError `too-large`; `canceled` when the signal aborts, which closes the connection; `malformed` where a success ends
 * before its end, since it may have cost what it would have; undici's errors as they are
 */
export function exchange(
  dispatcher: Dispatcher,
  request: HttpRequest,
  largest: number,
  bodies = new BodiesInFlight(),
): Promise<HttpAnswer> {
  const { url, shown = whereTo(url), method, headers, body, signal } = request;
  return new Promise((resolve, reject) => {
    const bytes = new GrowingBody(largest);
    let answered: Omit<HttpAnswer, "body"> = { status: 0, headers: {} };
    let canceled: CallError | null = null;
    let controller: Dispatcher.DispatchController | null = null;
    const cancel = () => {
      canceled = new CallError("canceled", "The call was canceled.");
      controller?.abort(canceled);
      reject(canceled); // also while no connection stands yet
    };
    if (signal?.aborted) return cancel();
    signal?.addEventListener("abort", cancel, { once: true });
    let reading: BodyInFlight | null = null;
    const ended = () => {
      signal?.removeEventListener("abort", cancel);
      reading?.end();
    };
    dispatcher.dispatch(
      { origin: url.origin, path: url.pathname + url.search, method, headers, body, ...UNTIMED },
      {
        onRequestStart(started) {
          controller = started;
          if (canceled !== null) started.abort(canceled);
        },
        onResponseStart(started, status, received) {
          reading ??= bodies.begin(started);
          if (status >= 200) answered = { status, headers: received };
        },
        onResponseData(started, chunk) {
          reading?.grow(chunk.byteLength);
          if (!bytes.add(chunk)) started.abort(tooLarge(shown, largest));
        },
        onResponseEnd() {
          ended();
          resolve({ ...answered, body: bytes.bytes });
        },
        onResponseError(_controller, error) {
          ended();
          const begun = answered.status >= 200 && answered.status <= 299;
          reject(begun && !(error instanceof CallError) ? brokenOff(url, error) : error);
        },
      },
    );
  });
}

function brokenOff(url: URL, cause: Error): CallError {
  return new CallError("malformed", `${whereTo(url)} broke its answer off: ${cause.message}.`, {
    retryable: true,
    cause,
  });
}

/** The limiter times each attempt from when it is sent. */
const UNTIMED = { headersTimeout: 0, bodyTimeout: 0 };
