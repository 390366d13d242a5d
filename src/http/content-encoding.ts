import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, inflateRaw } from "node:zlib";
import { CallError } from "../core/errors.ts";

type Undo = (body: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

const [ungzip, unbrotli, unzlib, unraw]: readonly [Undo, Undo, Undo, Undo] = [
  promisify(gunzip),
  promisify(brotliDecompress),
  promisify(inflate),
  promisify(inflateRaw),
];

/** By `deflate` some servers mean zlib's form, as the standard does, and some the bare stream. */
const undeflate: Undo = (body, options) => ((body[0] ?? 0) % 16 === 8 ? unzlib : unraw)(body, options);

const UNDO: ReadonlyMap<string, Undo> = new Map([
  ["gzip", ungzip],
  ["x-gzip", ungzip],
  ["deflate", undeflate],
  ["br", unbrotli],
]);

/** Encodings of one answer that are undone at most: each is another pass over its bytes. */
const MOST = 2;

/**
 * The bytes that an answer's `content-encoding` stands for. None is ever asked for, but some proxies compress unasked.
 * @param largest bytes that may come out; a bomb is stopped there, not unpacked
 * @throws CallError `too-large`; `malformed`, retryable, for bytes that are not of the encoding and for one that is not known
 */
export async function decoded(body: Buffer, header: string, largest: number, where: string): Promise<Buffer> {
  const names = header.toLowerCase().split(",");
  const encodings = names.map((name) => name.trim()).filter((name) => name !== "" && name !== "identity");
  if (encodings.length === 0 || body.byteLength === 0) return body;
  if (encodings.length > MOST) throw unreadable(where, `its answer under ${encodings.length} encodings`);
  let bytes = body;
  for (const name of encodings.reverse()) {
    const undo = UNDO.get(name);
    if (undo === undefined) throw unreadable(where, `its answer encoded as \`${name.slice(0, 40)}\``);
    try {
      bytes = await undo(bytes, { maxOutputLength: largest });
    } catch (error) {
      if (isTooLong(error)) throw tooLarge(where, largest);
      throw unreadable(where, `broken ${name}`, error);
    }
  }
  return bytes;
}

/** An answer that is longer than it may be. */
export function tooLarge(where: string, largest: number): CallError {
  return new CallError("too-large", `${where} answered more than ${largest / 1024 / 1024} MB.`);
}

function unreadable(where: string, what: string, cause?: unknown): CallError {
  return new CallError("malformed", `${where} sent ${what}; it was asked for plain JSON.`, { retryable: true, cause });
}

function isTooLong(error: unknown): boolean {
  return error instanceof RangeError && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}
