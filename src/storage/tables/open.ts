import { InputError } from "../../core/errors.ts";

/** How files begin that are no text, and what to do with them. */
const BEGINNINGS: readonly (readonly [begins: readonly number[], what: string])[] = [
  [[0x1f, 0x8b], "a gzip file. Unpack it first (gunzip)"],
  [[0x28, 0xb5, 0x2f, 0xfd], "a zstd file. Unpack it first (unzstd)"],
  [[0x42, 0x5a, 0x68], "a bzip2 file. Unpack it first (bunzip2)"],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], "an xz file. Unpack it first (unxz)"],
  [[0x50, 0x4b, 3, 4], "a zip file (as are those of Excel). Save the table in it as CSV"],
  [[0x50, 0x41, 0x52, 0x31], "a Parquet file. Name it .parquet, or give its `format`"],
  [[0xff, 0xfe], "UTF-16. Convert it to UTF-8, for instance with iconv"],
  [[0xfe, 0xff], "UTF-16. Convert it to UTF-8, for instance with iconv"],
];

/** @param start the first bytes of a file of text @throws InputError when they are those of something else that is known */
export function refuseOtherKinds(start: Uint8Array, file: string): void {
  for (const [begins, what] of BEGINNINGS)
    if (begins.every((byte, i) => start[i] === byte)) throw new InputError(`${file} is ${what}.`);
}

/** @throws InputError for a text with a NUL, which no table holds: the file is UTF-16, or no text. */
export function refuseNul(text: string, where: string): void {
  if (text.includes("\0"))
    throw new InputError(
      `${where}: a NUL byte. Is this UTF-16, or no text at all? Convert it to UTF-8, for instance with iconv.`,
    );
}
