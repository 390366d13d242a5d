import { inParts } from "../../storage/parts.ts";

/** Values as JSON, one a line, in parts: the lines of a cell may be more than one string can hold. */
export function linesOf(values: Iterable<unknown>): Iterable<Uint8Array> {
  return inParts(lines(values));
}

function* lines(values: Iterable<unknown>): Iterable<Uint8Array> {
  for (const value of values) yield Buffer.from(`${JSON.stringify(value)}\n`);
}
