import { z } from "zod";
import { CallError } from "../core/errors.ts";
import { type Caller, refusalError } from "./failures.ts";

/** A longer answer is refused while it is read, not after. */
export const LARGEST_RESPONSE_BYTES = 10 * 1024 * 1024;

const refusalBody = z.object({
  error: z.union([
    z.string(),
    z.object({ message: z.string().optional(), code: z.unknown().optional(), type: z.unknown().optional() }),
  ]),
});

/**
 * `fetch` over undici's connections (a third of the cost of the built-in one) that reads the whole body itself: a body over the limit, cut off or not UTF-8 is a typed failure instead of a parser's
 * surprise, a status that is no success is a typed refusal, and what the client packages get is complete JSON.
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
    let headers: Headers;
    let body: Buffer;
    try {
      const response = await request(String(input), {
        method: init?.method === "GET" ? "GET" : "POST",
        headers: Object.fromEntries(new Headers(init?.headers)),
        body: typeof init?.body === "string" ? init.body : null,
        signal: init?.signal ?? null,
        dispatcher,
        headersTimeout: 0, // the lane times each attempt
        bodyTimeout: 0,
      });
      status = response.statusCode;
      headers = toHeaders(response.headers);
      body = await readBody(response.body, where, largest);
    } catch (error) {
      throw error instanceof CallError ? error : networkError(where, error);
    }
    const decoded = decode(body, where);
    const text = secret === null ? decoded : decoded.replaceAll(secret, "[key]");
    if (status < 200 || status > 299) throw refusalError({ ...readRefusal(text), status, headers }, caller);
    if (looksLikeHtml(headers, text)) {
      throw new CallError("malformed", `${where} answered a web page instead of JSON: ${excerpt(text)}`, {
        retryable: true,
      });
    }
    if (!isJson(text)) {
      throw new CallError("malformed", `${where} answered broken JSON (${text.length} characters).`, {
        retryable: true,
      });
    }
    // Some servers forget the type, and clients then hand out a string.
    return new Response(text, { status, headers: { "content-type": "application/json" } });
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

function toHeaders(raw: Readonly<Record<string, string | string[] | undefined>>): Headers {
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

/** Message and code of an error body in the common forms; any other body is quoted. */
function readRefusal(text: string): { message: string; code: string | null } {
  const parsed = refusalBody.safeParse(isJson(text) ? JSON.parse(text) : null);
  if (!parsed.success) return { message: excerpt(text), code: null };
  const { error } = parsed.data;
  if (typeof error === "string") return { message: error, code: null };
  const code = [error.code, error.type].find((value) => typeof value === "string");
  return { message: error.message ?? excerpt(text), code: typeof code === "string" ? code : null };
}

function looksLikeHtml(headers: Headers, text: string): boolean {
  return (headers.get("content-type") ?? "").includes("text/html") || /^\s*<(?:!doctype|html)/i.test(text);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
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
