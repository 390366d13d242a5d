import { TextDecoder } from "node:util";
import { CallError } from "../core/errors.ts";
import { BodiesInFlight } from "./bodies-in-flight.ts";
import { decoded } from "./content-encoding.ts";
import { type ErrorBody, errorInSuccess, readError } from "./error-body.ts";
import { exchange, type HttpAnswer, type HttpRequest } from "./exchange.ts";
import { type Caller, headerOf, refusalError, statusMeant } from "./failures.ts";
import { secretsOf } from "./secrets.ts";
import { whereTo } from "./where-to.ts";

/** A longer answer is refused while it is read, not after. */
export const LARGEST_RESPONSE_BYTES = 10 * 1024 * 1024;

/** An answer of success, complete. */
export interface JsonAnswer {
  readonly status: number;
  readonly text: string;
  /** `text`, parsed. */
  readonly value: unknown;
}

/** Sends a request and gives its answer. @throws CallError without the request's headers */
export type BoundedRequest = (request: HttpRequest) => Promise<JsonAnswer>;

type RawHeaders = HttpAnswer["headers"];

/**
 * Requests over undici's connections (a third of the cost of the built-in fetch) that read the whole body: a body over the
 * limit, cut off or not UTF-8 is a typed failure instead of a parser's surprise, a status that is no success is a typed
 * refusal, a success whose body is an error counts as the status which that error names, and what comes back is complete JSON.
 * @param secret the key sent along: it and the values of the caller's variables get neither into messages, nor, where they are no
 * short placeholders, into answers, which end in files and caches
 */
export function boundedRequest(
  caller: Caller,
  secret: string | null,
  largest: number = LARGEST_RESPONSE_BYTES,
): BoundedRequest {
  const dispatching = import("undici").then(({ Agent }) => new Agent());
  const bodies = new BodiesInFlight();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const secrets = secretsOf(caller, secret);
  const hide = (text: string) => secrets.inMessage(text);
  // Once more: a code and a field may be joined of several texts.
  const hideIn = ({ message, code, param }: ErrorBody) => ({
    message: hide(message),
    code: code === null ? null : secrets.inText(code),
    param: param === null ? null : secrets.inText(param),
  });

  const send = async (request: HttpRequest): Promise<JsonAnswer> => {
    const { url } = request;
    const shown = whereTo(url, caller.address);
    const dispatcher = await dispatching;
    let answer: HttpAnswer;
    try {
      answer = await exchange(dispatcher, { ...request, shown }, largest, bodies);
    } catch (error) {
      throw error instanceof CallError ? error : networkError(shown, error);
    }
    const { status, headers } = answer;
    if (status >= 300 && status <= 399) throw redirectError(url, shown, answer, caller);
    const encodings = [headers["content-encoding"] ?? []].flat().join();
    const came = decode(decoder, await decoded(answer.body, encodings, largest, shown), shown);
    // Searched in what is parsed: in its text a key may be escaped in any way.
    const parsed = parse(came);
    const value = secrets.absentFrom(came) ? parsed : secrets.inJson(parsed);
    const text = parsed === undefined ? secrets.inText(came) : value === parsed ? came : JSON.stringify(value);
    if (status < 200 || status > 299) {
      const said = readError(value) ?? { message: excerpt(hide(text)), code: null, param: null, status: null };
      const taken = said.status !== null ? statusMeant(status, said.status) : status;
      throw refusalError({ ...hideIn(said), status: taken, claimed: status, headers }, caller);
    }
    if (looksLikeHtml(headers, text)) {
      throw new CallError("malformed", `${shown} answered a web page instead of JSON: ${excerpt(hide(text))}`, {
        retryable: true,
      });
    }
    if (value === undefined) {
      throw new CallError("malformed", `${shown} answered broken JSON (${text.length} characters).`, {
        retryable: true,
      });
    }
    const hidden = errorInSuccess(value);
    if (hidden !== null) {
      // What names no status may pass: it is asked again, as after a 500.
      const taken = hidden.status ?? 500;
      throw refusalError({ ...hideIn(hidden), status: taken, claimed: status, headers }, caller);
    }
    return { status, text, value };
  };

  return async (request) => {
    try {
      return await send(request);
    } catch (error) {
      throw secrets.inError(error); // addresses too may hold one
    }
  };
}

/** A redirect is not followed, since the key would go along to wherever it leads, and no later attempt ends elsewhere. */
function redirectError(
  url: URL,
  shown: string,
  { status, headers }: HttpAnswer,
  { model, address }: Caller,
): CallError {
  const location = headerOf(headers, "location") ?? null;
  const target = location !== null && URL.canParse(location, url.href) ? new URL(location, url) : null;
  const where =
    target === null
      ? "asks to go elsewhere without saying where; check baseUrl"
      : `asks to go to ${target.origin === url.origin ? whereTo(target, address) : target.origin}; give that as baseUrl`;
  return new CallError("redirect", `${model}: ${shown} ${where} (${status}).`, { fatal: true });
}

function decode(decoder: TextDecoder, body: Buffer, shown: string): string {
  try {
    return decoder.decode(body);
  } catch {
    throw new CallError("malformed", `${shown} answered bytes that are not UTF-8.`, { retryable: true });
  }
}

function looksLikeHtml(headers: RawHeaders, text: string): boolean {
  return (headerOf(headers, "content-type") ?? "").includes("text/html") || /^\s*<(?:!doctype|html)/i.test(text);
}

/** The value of a JSON text; undefined where it is none. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 80 ? `${line.slice(0, 80)}...` : line;
}

function networkError(shown: string, error: unknown): CallError {
  return new CallError("network", `${shown} could not be reached: ${rootCause(error)}.`, {
    retryable: true,
    cause: error,
  });
}

/** fetch hides the reason in nested causes. */
function rootCause(error: unknown): string {
  let at = error;
  while (at instanceof Error && at.cause instanceof Error) at = at.cause;
  if (at instanceof AggregateError && at.errors[0] instanceof Error) return at.errors[0].message;
  return at instanceof Error ? at.message : String(at);
}
