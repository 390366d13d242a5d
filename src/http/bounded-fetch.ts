import { CallError } from "../core/errors.ts";
import { errorInSuccess, readError } from "./error-body.ts";
import { type Caller, refusalError } from "./failures.ts";

/** A longer answer is refused while it is read, not after. */
export const LARGEST_RESPONSE_BYTES = 10 * 1024 * 1024;

/**
 * An answer already read and parsed. A Response made from text builds a stream that costs more than the whole call; this one
 * has no body and knows what `json` and `text` say, which is all that the client packages ask.
 */
class JsonResponse extends Response {
  override readonly json: () => Promise<unknown>;
  override readonly text: () => Promise<string>;

  constructor(text: string, value: unknown, status: number) {
    // The type is set because some servers forget it, and clients then hand out a string.
    super(null, { status, headers: { "content-type": "application/json" } });
    this.json = async () => value;
    this.text = async () => text;
  }
}

/**
 * `fetch` over undici's connections (a third of the cost of the built-in one) that reads the whole body itself: a body over
 * the limit, cut off or not UTF-8 is a typed failure instead of a parser's surprise, a status that is no success is a typed
 * refusal, a success whose body is an error counts as the status which that error names, and what the client packages get is
 * complete JSON.
 * @throws CallError without the request's headers.
 * @param secret the key sent along: a server that repeats it in its answer does not get it into messages, files or caches
 */
export function boundedFetch(
  caller: Caller,
  secret: string | null,
  largest: number = LARGEST_RESPONSE_BYTES,
): typeof globalThis.fetch {
  const transport = import("undici").then(({ Agent, request }) => ({ request, dispatcher: new Agent() }));
  return async (input, init) => {
    const where = whereTo(input);
    const { request, dispatcher } = await transport;
    let status: number;
    let raw: RawHeaders;
    let body: Buffer;
    try {
      const response = await request(String(input), {
        method: init?.method === "GET" ? "GET" : "POST",
        headers: Object.fromEntries(init?.headers instanceof Headers ? init.headers : new Headers(init?.headers)),
        body: typeof init?.body === "string" ? init.body : null,
        signal: init?.signal ?? null,
        dispatcher,
        headersTimeout: 0, // the limiter times each attempt
        bodyTimeout: 0,
      });
      status = response.statusCode;
      raw = response.headers;
      body = await readBody(response.body, where, largest);
    } catch (error) {
      throw error instanceof CallError ? error : networkError(where, error);
    }
    const decoded = decode(body, where);
    const text = secret === null ? decoded : decoded.replaceAll(secret, "[key]");
    if (status < 200 || status > 299) {
      const said = readError(parse(text)) ?? { message: excerpt(text), code: null, param: null };
      throw refusalError({ ...said, status, claimed: status, headers: toHeaders(raw) }, caller);
    }
    if (looksLikeHtml(raw, text)) {
      throw new CallError("malformed", `${where} answered a web page instead of JSON: ${excerpt(text)}`, {
        retryable: true,
      });
    }
    const value = parse(text);
    if (value === undefined) {
      throw new CallError("malformed", `${where} answered broken JSON (${text.length} characters).`, {
        retryable: true,
      });
    }
    const hidden = errorInSuccess(value);
    if (hidden !== null) {
      // What names no status may pass: it is asked again, as after a 500.
      throw refusalError({ ...hidden, status: hidden.status ?? 500, claimed: status, headers: toHeaders(raw) }, caller);
    }
    return new JsonResponse(text, value, status);
  };
}

async function readBody(stream: AsyncIterable<Buffer>, where: string, largest: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.byteLength;
    if (bytes > largest) throw new CallError("too-large", `${where} answered more than ${largest / 1024 / 1024} MB.`);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}

type RawHeaders = Readonly<Record<string, string | string[] | undefined>>;

function toHeaders(raw: RawHeaders): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(raw)) if (value !== undefined) headers.set(name, String(value));
  return headers;
}

function decode(body: Buffer, where: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw new CallError("malformed", `${where} answered bytes that are not UTF-8.`, { retryable: true });
  }
}

function looksLikeHtml(headers: RawHeaders, text: string): boolean {
  return String(headers["content-type"] ?? "").includes("text/html") || /^\s*<(?:!doctype|html)/i.test(text);
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

function whereTo(input: string | URL | Request): string {
  const url = new URL(input instanceof Request ? input.url : String(input));
  return url.origin + url.pathname; // neither credentials nor query
}

function networkError(where: string, error: unknown): CallError {
  return new CallError("network", `${where} could not be reached: ${rootCause(error)}.`, {
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
