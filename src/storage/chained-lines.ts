import { sha256 } from "../core/hash.ts";
import { openRegular } from "./regular-file.ts";

/** Before a line's checksum, and after it. */
const NAME = ',"checksum":"';
const END = '"}';
const TAIL = NAME.length + 64 + END.length;

/** No line of ours is longer: what goes on without an end is no file of lines. */
export const LONGEST_LINE_BYTES = 256 * 1024 ** 2;

/**
 * Lines of JSON, each an object whose last member `checksum` is the SHA-256 of the line's other bytes and of the checksum
 * before it. A line that was changed, lost, doubled or moved, or that is another file's, does not fit; an end may be missing.
 */
export class LineChain {
  #last: string;

  /** @param title what the lines are of: the first checksum depends on it */
  constructor(title: string) {
    this.#last = sha256(title);
  }

  /** The next line. @param json an object with at least one member, on one line */
  seal(json: string): string {
    const body = json.slice(0, -1);
    this.#last = this.#sum(Buffer.from(body));
    return `${body}${NAME}${this.#last}${END}\n`;
  }

  /** The value of the next line, without its end; undefined where the line does not fit. */
  read(line: Buffer): unknown {
    const body = line.subarray(0, Math.max(0, line.length - TAIL));
    const sum = this.#sum(body);
    if (line.toString("latin1", body.length) !== `${NAME}${sum}${END}`) return undefined;
    this.#last = sum;
    return JSON.parse(line.toString());
  }

  #sum(body: Buffer): string {
    return sha256(Buffer.concat([Buffer.from(this.#last), body]));
  }
}

/** A line of a file, without its end. */
export interface ByteLine {
  readonly bytes: Buffer;
  /** Whether it has an end: the last one of a file that was cut off has none. */
  readonly whole: boolean;
}

/**
 * The lines of a file, which may be larger than memory.
 * @param shown what errors call the file
 * @param longest bytes that a line has at most
 * @throws RangeError for a line that is longer; as `openRegular`
 */
export async function* byteLines(
  file: string,
  shown: string = file,
  longest = LONGEST_LINE_BYTES,
): AsyncGenerator<ByteLine> {
  const { handle } = await openRegular(file, shown);
  try {
    let parts: Buffer[] = [];
    let length = 0;
    for await (const chunk of handle.createReadStream({ autoClose: false })) {
      let rest: Buffer = Buffer.from(chunk);
      for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
        yield { bytes: Buffer.concat([...parts, rest.subarray(0, end)]), whole: true };
        [parts, length] = [[], 0];
        rest = rest.subarray(end + 1);
      }
      if (rest.length > 0) parts.push(rest);
      length += rest.length;
      if (length > longest) throw new RangeError("a line has no end");
    }
    if (length > 0) yield { bytes: Buffer.concat(parts), whole: false };
  } finally {
    await handle.close(); // also where the reader wants no more lines
  }
}
