import { readFile } from "node:fs/promises";

/** The whole lines of a file of ours that were read, and how many bytes they take. */
export interface WholeLines<T> {
  readonly values: T[];
  readonly length: number;
}

/** Reads a file of JSON lines up to the first line that is torn or is none of ours; null when there is no such file. */
export async function readWholeLines<T>(
  file: string,
  isOurs: (value: object) => value is T & object,
): Promise<WholeLines<T> | null> {
  const bytes = await readIfThere(file);
  if (bytes === null) return null;
  const values: T[] = [];
  let start = 0;
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
    const value = parse(bytes.toString("utf8", start, end));
    if (typeof value !== "object" || value === null || !isOurs(value)) break;
    values.push(value);
    start = end + 1;
  }
  return { values, length: start };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

async function readIfThere(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
