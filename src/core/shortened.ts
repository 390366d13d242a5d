/** Characters of a value that a message shows at most. */
const SHOWN = 60;

/** A text as messages show it: cut where it is long. */
export function shortened(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN - 3)}...` : text;
}
