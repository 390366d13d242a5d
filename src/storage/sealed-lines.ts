import { hash } from "node:crypto";
import { readIfThere } from "./sealed.ts";

const NAME = ',"checksum":"';
const END = '"}';
/** Hexadecimal digits: 128 bits of SHA-256. */
const DIGITS = 32;
const TAIL = NAME.length + DIGITS + END.length;
const NEWLINE = 0x0a;

/**
 * One line of JSON with a last member `checksum`, over its content and over whose line it is: the line of another owner fits
 * no better than a damaged one.
 * @param json an object with at least one member, on one line
 */
export function sealLine(owner: string, json: string): string {
  const body = json.slice(0, -1);
  return `${body}${NAME}${checksum(owner, body)}${END}\n`;
}

/** What was found in a file of sealed lines. */
export interface SealedLines {
  /** The JSON of each line that is as it was written, without its checksum, in the order of the file. */
  readonly lines: string[];
  /** How many whole lines are not as they were written, or not this owner's. */
  readonly damaged: number;
  /** The file without these, and without a last line that was torn. */
  readonly sound: Buffer;
}

/** Reads a file of sealed lines; null where there is none. */
export async function readSealedLines(file: string, owner: string): Promise<SealedLines | null> {
  const bytes = await readIfThere(file);
  if (bytes === null) return null;
  const lines: string[] = [];
  const sound: Buffer[] = [];
  let [damaged, start] = [0, 0];
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    const json = jsonOf(owner, bytes.toString("utf8", start, end));
    if (json === null) damaged += 1;
    else {
      lines.push(json);
      sound.push(bytes.subarray(start, end + 1));
    }
    start = end + 1;
  }
  return { lines, damaged, sound: damaged === 0 ? bytes.subarray(0, start) : Buffer.concat(sound) };
}

/** What a line says, without its checksum; null where it is not as `sealLine` gave it. */
function jsonOf(owner: string, line: string): string | null {
  const body = line.slice(0, -TAIL);
  return line.length > TAIL && line.slice(-TAIL) === `${NAME}${checksum(owner, body)}${END}` ? `${body}}` : null;
}

function checksum(owner: string, body: string): string {
  return hash("sha256", `${owner}\n${body}`, "hex").slice(0, DIGITS);
}
