import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { openRegular } from "./regular-file.ts";

/** SHA-256 of a file, read as a stream: model files are large. @throws InputError as `openRegular` */
export async function fileChecksum(file: string): Promise<string> {
  const hash = createHash("sha256");
  const { handle } = await openRegular(file);
  await pipeline(handle.createReadStream(), hash);
  return hash.digest("hex");
}
