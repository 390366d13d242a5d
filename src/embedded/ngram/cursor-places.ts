/** Cursor 0 stands in the general table, the others in experts. */
export const MAX_CURSORS = 12;

/** Where the arrays of `Cursors` hold what a cursor has of its context of k symbols. */
export function placeOf(k: number, cursor: number): number {
  return k * MAX_CURSORS + cursor;
}
