import { CallError } from "../core/errors.ts";
import type { HttpAnswer } from "./exchange.ts";
import type { Address } from "./where-to.ts";

/** What a server's refusal says, as far as it says it. */
export interface Refusal {
  /** The HTTP status, or the one that the body of a success names. */
  readonly status: number;
  /** The HTTP status as it came. */
  readonly claimed: number;
  readonly message: string;
  /** The machine-readable code or type in the body, or null. */
  readonly code: string | null;
  /** The field of the request that is at fault, or null. */
  readonly param: string | null;
  readonly headers: HttpAnswer["headers"];
}

/** Who to blame in messages: the model's id and where its key comes from. */
export interface Caller {
  readonly model: string;
  readonly apiKeyEnv: string | null;
  /** Values of the environment's variables that the address or the body holds, by name: shown as `${NAME}`. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Where the config says the server is; null: the client package knows. */
  readonly address?: Address | null;
}

/**
 * The kind of failure by status and code (in the body of a success as well), never by the text of a message: 429 and 5xx may pass; no quota, a wrong key and an
 * unknown model end the run at once and say what to do.
 */
export function refusalError(refusal: Refusal, caller: Caller): CallError {
  const { status, claimed, code, param } = refusal;
  const came = claimed === status ? `${status}` : taken(claimed, status);
  const said = `${came}: ${refusal.message}`.replace(/\s+/g, " ").slice(0, 300);
  if (code === "insufficient_quota" || status === 402) {
    return new CallError(
      "quota",
      `${caller.model}: the account has no quota left (${said}). Top it up or use another key.`,
      { fatal: true },
    );
  }
  if (status === 401 || status === 403) {
    const what =
      caller.apiKeyEnv === null
        ? `the server asks for a key (${said}). Name the environment variable that holds it: \`apiKeyEnv: NAME\`.`
        : `the server does not accept the key in ${caller.apiKeyEnv} (${said}). Set it anew.`;
    return new CallError("auth", `${caller.model}: ${what}`, { fatal: true });
  }
  if (status === 404) {
    return new CallError(
      "not-found",
      `${caller.model}: the server knows no such model or route (${said}). Check the model's name and baseUrl.`,
      { fatal: true },
    );
  }
  const retryAfterMs = retryAfter(refusal.headers);
  if (status === 429) return new CallError("rate-limit", `${caller.model}: ${said}`, { retryable: true, retryAfterMs });
  if (mayPass(status)) {
    return new CallError("server", `${caller.model}: ${said}`, { retryable: true, retryAfterMs });
  }
  return new CallError("bad-request", `${caller.model}: the server refused the request (${said}).`, { code, param });
}

/** What came, and what it is held for: an error in a success, or a refusal in general whose body names a failure that may pass. */
function taken(claimed: number, status: number): string {
  return claimed < 400
    ? `${claimed} with an error in its body, taken for ${status}`
    : `${claimed}, but its body names ${status}`;
}

/** Statuses by which servers refuse what is asked in general; what their body says may still be that it passes. */
const GENERAL: ReadonlySet<number> = new Set([400, 422, 424]);

/** The status to go by: the server's own, but where it refuses in general and its body names a failure that may pass. */
export function statusMeant(claimed: number, named: number): number {
  return GENERAL.has(claimed) && mayPass(named) ? named : claimed;
}

function mayPass(status: number): boolean {
  return status === 408 || status === 409 || status === 425 || status === 429 || status >= 500;
}

/** A field of the headers, the first where it came several times. */
export function headerOf(headers: HttpAnswer["headers"], name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Retry-After in seconds or as a date, or the finer retry-after-ms; null when absent or unreadable. */
export function retryAfter(headers: HttpAnswer["headers"], now: number = Date.now()): number | null {
  const milliseconds = Number(headerOf(headers, "retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(milliseconds) && milliseconds >= 0) return milliseconds;
  const value = headerOf(headers, "retry-after") ?? "";
  if (value.trim() === "") return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
