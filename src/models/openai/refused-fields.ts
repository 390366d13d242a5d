import { CallError } from "../../core/errors.ts";

/** Codes that refuse a field whatever its value. */
const PARAMETER_CODES: ReadonlySet<string> = new Set([
  "unsupported_parameter",
  "unknown_parameter",
  "unrecognized_parameter",
  "extra_forbidden",
]);

/** Codes that refuse a field's value. */
const VALUE_CODES: ReadonlySet<string> = new Set(["unsupported_value", "invalid_value"]);

/** What servers without such codes say of a field, and of its value. */
const PARAMETER_PROSE =
  /unsupported|not support|unknown|unrecogni[sz]ed|unexpected|not (?:permitted|allowed)|no such|cannot (?:both|find)/i;
const VALUE_PROSE = /\bvalue|must be|\bonly\b|between|range/i;

/**
 * Which of the fields that were sent a server refuses: the one its error names (`param`, or a validation's path). Only where it
 * names none are its words searched for the fields' names, and only where they speak of what it supports.
 * @returns null where the failure is of another kind
 */
export function refusedFields(
  error: unknown,
  sent: readonly string[],
): { readonly error: CallError; readonly fields: readonly string[] } | null {
  if (!(error instanceof CallError) || error.kind !== "bad-request") return null;
  if (error.param !== null) {
    const field = error.param.split(".").find((name) => sent.includes(name));
    return field === undefined ? null : { error, fields: [field] };
  }
  if (!PARAMETER_PROSE.test(error.message) && !VALUE_PROSE.test(error.message)) return null;
  const fields = sent.filter((name) => mentions(error.message, name));
  return fields.length === 0 ? null : { error, fields };
}

/** Whether the server takes the field in no form, not just another value of it. */
export function isParameterRefused({ code, message }: CallError): boolean {
  if (code !== null && PARAMETER_CODES.has(code)) return true;
  if (code !== null && VALUE_CODES.has(code)) return false;
  return PARAMETER_PROSE.test(message) && !VALUE_PROSE.test(message);
}

/** A name with an underscore is no word of prose; others count in quotes or after a colon. */
function mentions(message: string, name: string): boolean {
  const literal = name.replace(/[^\w]/g, "\\$&");
  const pattern = name.includes("_") ? `\\b${literal}\\b` : `(?:['"\`]|: )${literal}(?=['"\`.,;\\s)]|$)`;
  return new RegExp(pattern).test(message);
}
