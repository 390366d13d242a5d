import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { InputError } from "../core/errors.ts";
import { writeAtomic } from "./atomic.ts";
import { isNothingThere } from "./file-problem.ts";
import { openRegular } from "./regular-file.ts";

/** SHA-256 of a file, read as a stream: model files are large. @throws InputError as `openRegular` */
export async function fileChecksum(file: string): Promise<string> {
  const hash = createHash("sha256");
  const { handle } = await openRegular(file);
  try {
    await pipeline(handle.createReadStream({ autoClose: false }), hash);
  } finally {
    await handle.close();
  }
  return hash.digest("hex");
}

/** As `fileChecksum`; null where there is no file, and no checksum ("") where something else is in its place. */
export async function checksumIfThere(file: string): Promise<string | null> {
  try {
    return await fileChecksum(file);
  } catch (error) {
    if (isNothingThere(error)) return null;
    if (error instanceof InputError) return "";
    throw error;
  }
}

/** SHA-256 of the file that these parts make. */
export function checksumOf(parts: Iterable<Uint8Array>): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

/** Writes a file as `writeAtomic` and says its SHA-256, which is made of the parts as they pass. */
export async function writeSummed(file: string, parts: Iterable<Uint8Array>): Promise<string> {
  const hash = createHash("sha256");
  const seen = function* () {
    for (const part of parts) {
      hash.update(part);
      yield part;
    }
  };
  await writeAtomic(file, seen());
  return hash.digest("hex");
}
