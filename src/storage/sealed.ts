import type { z } from "zod";
import { InputError } from "../core/errors.ts";
import { sha256 } from "../core/hash.ts";
import { writeAtomic } from "./atomic.ts";
import { isNothingThere } from "./file-problem.ts";
import { readRegular } from "./regular-file.ts";

/** A file of ours whose bytes are not those that were written. Who can make the file again catches this. */
export class DamagedError extends InputError {
  /** An InputError's `instanceof` goes by its name, which this class shares with all others. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof InputError && "damaged" in value;
  }

  readonly damaged = true;
}

const NAME = ',\n"checksum": "';
const END = '"}\n';
const TAIL = Buffer.byteLength(NAME) + 64 + Buffer.byteLength(END);

/**
 * The JSON text of an object with a last member `checksum`: the SHA-256 of every byte before that member. The text is JSON for
 * every reader, and nothing in it can change unseen.
 * @param json an object with at least one member
 */
export function seal(json: string): string {
  const body = json.trimEnd().replace(/\s*\}$/, "");
  return `${body}${NAME}${sha256(body)}${END}`;
}

/** Whether bytes are as `seal` gave them. */
export function isSealed(bytes: Uint8Array): boolean {
  const body = bytes.subarray(0, Math.max(0, bytes.length - TAIL));
  const tail = Buffer.from(bytes.buffer, bytes.byteOffset + body.length, bytes.length - body.length);
  return tail.toString("latin1") === `${NAME}${sha256(body)}${END}`;
}

/** Writes a sealed file, whole or not at all. @param json as in `seal` */
export async function writeSealed(file: string, json: string): Promise<void> {
  await writeAtomic(file, seal(json));
}

/**
 * What a sealed file holds; null where there is none.
 * @param shown the file as errors name it
 * @throws DamagedError when it is not as it was written
 */
export async function readSealed<T>(file: string, schema: z.ZodType<T>, shown: string = file): Promise<T | null> {
  const bytes = await readIfThere(file, shown);
  if (bytes === null) return null;
  if (!isSealed(bytes)) throw new DamagedError(`${shown} is damaged: it does not fit its own checksum.`);
  const parsed = schema.safeParse(JSON.parse(bytes.toString("utf8")));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new DamagedError(`${shown} is not of this version: \`${issue?.path.join(".")}\`: ${issue?.message}.`);
}

/** As `readSealed`, for a file that is made again where it is damaged: null then too. */
export async function readSealedOrNone<T>(file: string, schema: z.ZodType<T>): Promise<T | null> {
  return readSealed(file, schema).catch(nullIfDamaged);
}

/** As `readIfThere`; no bytes where something else is in the file's place, which fit no checksum. */
export async function readAnyway(file: string): Promise<Buffer | null> {
  return readIfThere(file).catch((error) => nullIfDamaged(error) ?? Buffer.alloc(0));
}

/** Takes what is damaged for what is not there. @throws any other error */
export function nullIfDamaged(error: unknown): null {
  if (error instanceof DamagedError) return null;
  throw error;
}

/**
 * The bytes of a file of ours; null where there is none.
 * @param shown the file as errors name it
 * @throws DamagedError where something else is in its place: a folder, a pipe, a device, more than 2 GB
 */
export async function readIfThere(file: string, shown: string = file): Promise<Buffer | null> {
  try {
    return await readRegular(file, { shown });
  } catch (error) {
    if (isNothingThere(error)) return null;
    throw error instanceof InputError ? new DamagedError(error.message, { cause: error }) : error;
  }
}
