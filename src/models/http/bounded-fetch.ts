import { z } from "zod";
import { CallError } from "../../core/errors.ts";
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
 * `fetch` that reads the whole body itself: a body over the limit, cut off or not UTF-8 is a typed failure instead of a parser's
 * surprise, a status that is no success is a typed refusal, and what the client packages get is complete JSON.
 * @throws CallError without the request's headers.
 * @param secret the key sent along: a server that repeats it in its answer does not get it into messages, files or caches
 */
export function boundedFetch(
  caller: Caller,
  secret: string | null,
  largest: number = LARGEST_RESPONSE_BYTES,
): typeof globalThis.fetch {
  return async (input, init) => {
    const where = whereTo(input);
    let response: Response;
    try {
      response = await fetch(input, init);
    } catch (error) {
      throw networkError(where, error);
    }
    const body = await readBody(response, where, largest);
    const decoded = decode(body, where);
    const text = secret === null ? decoded : decoded.replaceAll(secret, "[key]");
    if (!response.ok)
      throw refusalError({ ...readRefusal(text), status: response.status, headers: response.headers }, caller);
    if (looksLikeHtml(response, text)) {
      throw new CallError("malformed", `${where} answered a web page instead of JSON: ${excerpt(text)}`, {
        retryable: true,
      });
    }
    if (!isJson(text)) {
      throw new CallError("malformed", `${where} answered broken JSON (${text.length} characters).`, {
        retryable: true,
      });
    }
    // The body is decoded: its old length and encoding no longer hold.
    const headers = new Headers(response.headers);
    headers.delete("content-encoding");
    headers.delete("content-length");
    headers.set("content-type", "application/json"); // some servers forget it, and clients then hand out a string
    return new Response(text, { status: response.status, statusText: response.statusText, headers });
  };
}

async function readBody(response: Response, where: string, largest: number): Promise<Uint8Array> {
  if (response.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.byteLength;
      if (bytes > largest) {
        await reader.cancel();
        throw new CallError("too-large", `${where} answered more than ${largest / 1024 / 1024} MB.`);
      }
      chunks.push(value);
    }
  } catch (error) {
    if (error instanceof CallError) throw error;
    throw networkError(where, error);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}

function decode(body: Uint8Array, where: string): string {
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

function looksLikeHtml(response: Response, text: string): boolean {
  return (response.headers.get("content-type") ?? "").includes("text/html") || /^\s*<(?:!doctype|html)/i.test(text);
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
