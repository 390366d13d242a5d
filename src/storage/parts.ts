/** Bytes that are joined at most: few writes, and no second copy of all that is written. */
export const PART_BYTES = 4 * 1024 ** 2;

/** The same bytes in fewer pieces: neighbors are joined up to `PART_BYTES`, and what is longer by itself stays as it is. */
export function* inParts(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  let part: Uint8Array[] = [];
  let length = 0;
  for (const piece of pieces) {
    if (length > 0 && length + piece.length > PART_BYTES) {
      yield joined(part);
      [part, length] = [[], 0];
    }
    part.push(piece);
    length += piece.length;
  }
  if (length > 0) yield joined(part);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  return first !== undefined && pieces.length === 1 ? first : Buffer.concat(pieces);
}
