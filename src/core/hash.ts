import { hash } from "node:crypto";

/** A JSON value, read-only. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/**
 * JSON with sorted keys and no white space: equal values give equal text, so it can be hashed.
 * @throws TypeError for numbers JSON cannot hold (NaN, infinities) and for undefined members of arrays.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`A number that JSON cannot hold: ${value}.`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object") {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(",")}}`;
  }
  throw new TypeError(`A value that JSON cannot hold: ${typeof value}.`);
}

/** A value as plain JSON: undefined members dropped. @throws TypeError as `canonicalJson`. */
export function toJson(value: unknown): Json {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`A number that JSON cannot hold: ${value}.`);
    return value;
  }
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === "object") return toJsonObject(value);
  throw new TypeError(`A value that JSON cannot hold: ${typeof value}.`);
}

/** An object as plain JSON: undefined members dropped. @throws TypeError as `canonicalJson`. */
export function toJsonObject(value: object): JsonObject {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [key, toJson(member)]),
  );
}

/** SHA-256 of a text (UTF-8) or of bytes, in hexadecimal. Different texts have different ones, lone surrogates included. */
export function sha256(content: string | Uint8Array): string {
  return hash("sha256", typeof content === "string" ? bytesOf(content) : content);
}

/** What UTF-8 never begins with: the bytes of a text that it cannot hold stand behind it. */
const NOT_UTF8 = Buffer.of(0xff);

/** A text as bytes, no two alike: UTF-8, which has none for a lone surrogate, so a text that holds one is given by its code units. */
function bytesOf(text: string): string | Uint8Array {
  return /\p{Surrogate}/u.test(text) ? Buffer.concat([NOT_UTF8, Buffer.from(text, "utf16le")]) : text;
}

/** SHA-256 of the canonical JSON of a value. */
export function hashOf(value: unknown): string {
  return sha256(canonicalJson(value));
}
