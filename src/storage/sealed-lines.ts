import { hash } from "node:crypto";
import { byteLines, LONGEST_LINE_BYTES } from "./chained-lines.ts";
import { identityAt } from "./disk.ts";

const NAME = ',"checksum":"';
const END = '"}';
/** Hexadecimal digits: 128 bits of SHA-256. */
const DIGITS = 32;
const TAIL = NAME.length + DIGITS + END.length;
const END_OF_LINE = Buffer.from("\n");

/**
 * One line of JSON with a last member `checksum`, over its content and over whose line it is: the line of another owner fits
 * no better than a damaged one.
 * @param json an object with at least one member, on one line
 */
export function sealLine(owner: string, json: string): string {
  const body = json.slice(0, -1);
  return `${body}${NAME}${checksum(owner, body)}${END}\n`;
}

/** A whole line of a file of sealed lines. */
export interface SealedLine {
  /** The line as it stands in the file, with its end. */
  readonly bytes: Uint8Array;
  /** Its JSON without the checksum; null where it is not as it was written, or not this owner's. */
  readonly json: string | null;
}

/**
 * The lines of a file, one after the other: it may be larger than one buffer can be. A last line that was torn is left out; a
 * file that is not there has none.
 */
export async function* sealedLines(file: string, owner: string): AsyncGenerator<SealedLine> {
  if ((await identityAt(file)) === null) return;
  for await (const { bytes, whole } of byteLines(file, file, Number.POSITIVE_INFINITY))
    if (whole) yield { bytes: Buffer.concat([bytes, END_OF_LINE]), json: jsonOf(owner, bytes) };
}

/** What a line says, without its checksum; null where it is not as `sealLine` gave it. */
function jsonOf(owner: string, bytes: Buffer): string | null {
  if (bytes.length > LONGEST_LINE_BYTES) return null; // lines whose ends were lost: no string may hold them
  const line = bytes.toString("utf8");
  const body = line.slice(0, -TAIL);
  return line.length > TAIL && line.slice(-TAIL) === `${NAME}${checksum(owner, body)}${END}` ? `${body}}` : null;
}

function checksum(owner: string, body: string): string {
  return hash("sha256", `${owner}\n${body}`, "hex").slice(0, DIGITS);
}
