import { z } from "zod";

/** What an error body says, as far as it says it. */
export interface ErrorBody {
  readonly message: string;
  /** The machine-readable code, else the type, or null. */
  readonly code: string | null;
  /** The field of the request that is at fault, as a path of names with dots (`seed`, `body.seed`), or null. */
  readonly param: string | null;
  /** The HTTP status that the body itself names or that its code stands for; null where it tells neither. */
  readonly status: number | null;
}

const loose = z.unknown().optional();
const described = z.object({
  message: loose,
  code: loose,
  type: loose,
  status: loose,
  error_type: loose,
  param: loose,
  detail: loose,
});
const fault = z.object({ loc: z.array(z.union([z.string(), z.number()])), msg: z.string(), type: z.string() });

/** Statuses of the codes and types that servers of this protocol use; lower case. */
const STATUS_OF: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  invalid_argument: 400,
  badrequesterror: 400,
  bad_request: 400,
  context_length_exceeded: 400,
  unsupported_parameter: 400,
  unsupported_value: 400,
  unknown_parameter: 400,
  validation: 400,
  invalid_api_key: 401,
  authentication_error: 401,
  unauthenticated: 401,
  insufficient_quota: 402,
  permission_error: 403,
  permission_denied: 403,
  model_not_found: 404,
  not_found_error: 404,
  not_found: 404,
  rate_limit_exceeded: 429,
  rate_limit_error: 429,
  rate_limit: 429,
  too_many_requests: 429,
  resource_exhausted: 429,
  server_error: 500,
  internal_server_error: 500,
  api_error: 500,
  generation: 500,
  overloaded_error: 503,
  overloaded: 503,
  service_unavailable: 503,
  unavailable: 503,
  timeout: 504,
  gateway_timeout: 504,
  deadline_exceeded: 504,
};

/**
 * The error that an answer's body holds, in the forms in use: `{error: "text"}`, `{error: {message, code, type, param}}`, the
 * same in a list, `{object: "error", message, ...}`, and validation's `{detail: [{loc, msg, type}]}`; null for any other body.
 */
export function readError(body: unknown): ErrorBody | null {
  const value = Array.isArray(body) ? body[0] : body;
  if (!isObject(value)) return null;
  if (typeof value.error === "string") return read({ ...value, message: value.error });
  if (isObject(value.error)) return read(value.error);
  return value.object === "error" || value.detail !== undefined ? read(value) : null;
}

/**
 * The error of an answer that claims success: the whole body is one, or the first choice failed while it was written. A body
 * that holds an answer as well is an answer.
 */
export function errorInSuccess(body: unknown): ErrorBody | null {
  if (Array.isArray(body)) return isObject(body[0]) && isObject(body[0].error) ? readError(body) : null;
  if (!isObject(body)) return null;
  if (!Array.isArray(body.choices) || body.choices.length === 0) {
    return body.error || body.object === "error" ? readError(body) : null;
  }
  const first: unknown = body.choices[0];
  return isObject(first) && isObject(first.error) ? read(first.error) : null;
}

function read(value: object): ErrorBody {
  const { message, code, type, status, error_type, param, detail } = described.parse(value);
  const names = [code, type, error_type, status].filter((name) => typeof name === "string");
  const faults = z.array(fault).safeParse(detail ?? (isObject(message) ? message.detail : undefined));
  const first = faults.success ? faults.data[0] : undefined;
  return {
    message: first?.msg ?? asText(message ?? detail ?? value),
    code: short(first?.type ?? names[0] ?? null),
    param: short(first?.loc.join(".") ?? (typeof param === "string" && param !== "" ? param : null)),
    status: statusOf([code, status], names),
  };
}

function statusOf(numbers: readonly unknown[], names: readonly string[]): number | null {
  const given = numbers.map(Number).find((number) => Number.isInteger(number) && number >= 400 && number <= 599);
  return given ?? names.map((name) => STATUS_OF[name.toLowerCase()]).find((known) => known !== undefined) ?? null;
}

/** Names are short; what is not names nothing. */
function short(name: string | null): string | null {
  return name !== null && name.length <= 200 ? name : null;
}

function asText(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value).slice(0, 200);
  } catch {
    return "an error nested too deep to be shown"; // JSON.parse goes deeper than JSON.stringify
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
