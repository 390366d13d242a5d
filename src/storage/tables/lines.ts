import { InputError } from "../../core/errors.ts";
import { openRegular, unreadable } from "../regular-file.ts";
import { refuseNul, refuseOtherKinds } from "./open.ts";
import { type ReadOptions, requireColumns, type TableRow } from "./row.ts";

/** The longest line a text file may have, in bytes. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** A line of a file: 1-based number, text without its line break. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

const LF = 10;
const CR = 13;

/**
 * The lines of a UTF-8 file, streamed. `\n` and `\r\n` end a line, `\r` where no other end is found first; a byte-order mark at the start is dropped. Never holds more
 * than one line and one chunk. What is added to the file meanwhile is not read.
 * @throws InputError naming file and line: a missing file, a pipe, a file that is packed or UTF-16, bytes that are not UTF-8, a NUL,
 * line ends of both kinds, a line over 16 MB (refused as soon as it is that long).
 */
export async function* readLines(file: string): AsyncGenerator<Line> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let number = 0;
  let held: Buffer[] = [];
  let heldBytes = 0;

  const hold = (part: Buffer): void => {
    heldBytes += part.length;
    if (heldBytes > MAX_LINE_BYTES)
      throw new InputError(
        `${file}:${number + 1}: this line is longer than 16 MB. Is this a file of lines? One record must stand on one line.`,
      );
    held.push(part);
  };
  const finish = (): Line => {
    number += 1;
    const bytes = held.length === 1 ? held[0]! : Buffer.concat(held);
    held = [];
    heldBytes = 0;
    const end = bytes.length > 0 && bytes[bytes.length - 1] === CR ? bytes.length - 1 : bytes.length;
    let text: string;
    try {
      text = decoder.decode(bytes.subarray(0, end));
    } catch (error) {
      throw new InputError(`${file}:${number}: not UTF-8. Convert the file, for instance with iconv.`, {
        cause: error,
      });
    }
    refuseNul(text, `${file}:${number}`);
    return { number, text: number === 1 && text.startsWith("\ufeff") ? text.slice(1) : text };
  };

  try {
    const { handle, size } = await openRegular(file);
    if (size === 0) return await handle.close();
    let lineEnd: number | null = null;
    for await (const chunk of handle.createReadStream({ highWaterMark: 1 << 18, start: 0, end: size - 1 })) {
      const buffer: Buffer = chunk;
      if (lineEnd === null) refuseOtherKinds(buffer, file);
      lineEnd ??= lineEndOf(buffer);
      if (lineEnd === CR && buffer.includes(LF))
        throw new InputError(
          `${file}: its first lines end in CR (\\r), others in LF (\\n). Convert it, so that all end in LF.`,
        );
      let start = 0;
      for (let end = buffer.indexOf(lineEnd, start); end >= 0; end = buffer.indexOf(lineEnd, start)) {
        hold(buffer.subarray(start, end));
        start = end + 1;
        yield finish();
      }
      if (start < buffer.length) hold(buffer.subarray(start));
    }
  } catch (error) {
    throw unreadable(file, error);
  }
  if (heldBytes > 0) yield finish();
}

/** What ends the lines of a file that begins with these bytes: CR, as on a classic Mac and in some exports, only where no LF does. */
function lineEndOf(head: Buffer): number {
  return !head.includes(LF) && head.subarray(0, -1).includes(CR) ? CR : LF;
}

/** A file of plain lines as rows with one column, `text`. An empty line is an empty text, so rows keep their places. */
export async function* readPlainLines(file: string, options: ReadOptions = {}): AsyncGenerator<TableRow> {
  requireColumns(file, options.columns ?? [], ["text"]);
  for await (const { number, text } of readLines(file)) yield { where: `${file}:${number}`, values: { text } };
}
