import { disk, type OpenFile, removeFile } from "./disk.ts";

/** What a file is to hold: whole, or in parts, for what would not fit into one string or buffer. */
export type Content = string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * Writes a whole file or nothing: a temporary file beside it, fsync, rename. A reader sees the old content or the new one,
 * also after kill -9. The folder must be there: one that vanished while a run goes on is not made again, half empty.
 */
export async function writeAtomic(file: string, content: Content): Promise<void> {
  const temporary = `${file}.${process.pid}.${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}.tmp`;
  try {
    await writeNew(temporary, content);
    await disk.rename(temporary, file);
  } catch (error) {
    await removeFile(temporary).catch(() => {}); // what failed first is what the user must hear of
    // The user knows the file, not the temporary one.
    if (error instanceof Error && "path" in error) Object.assign(error, { path: file });
    throw error;
  }
}

const TEMPORARY = /^(.+)\.\d+\.[0-9a-z]{9,14}\.tmp$/;

/** Which file a process was about to write whole when it left this name of a file behind; null: none. */
export function temporaryOf(name: string): string | null {
  return TEMPORARY.exec(name)?.[1] ?? null;
}

/** Writes a file that is not there yet, through to the disk. @throws EEXIST */
export async function writeNew(file: string, content: Content): Promise<void> {
  const opened: OpenFile = await disk.open(file, "wx");
  try {
    const whole = typeof content === "string" || content instanceof Uint8Array;
    for await (const part of whole ? [content] : content) await disk.write(opened, part);
    await disk.sync(opened);
  } finally {
    await disk.close(opened);
  }
}
