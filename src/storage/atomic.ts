import { mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { withPath } from "./file-problem.ts";

/**
 * Writes a whole file or nothing: a temporary file beside it, fsync, rename. A reader sees the old content or the new one,
 * also after kill -9. Makes the folder when it is missing.
 */
export async function writeAtomic(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}.tmp`;
  try {
    const handle = await open(temporary, "w");
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw withPath(error, file);
  }
}
