/** More tokens than any model takes or writes in one call: a server that says so is mistaken. */
const LARGEST = 1e8;

/** A number of tokens as a server or a plug-in says it; null where it is none that can be: negative, broken, not finite, absurd. */
export function tokenCount(said: unknown): number | null {
  return typeof said === "number" && Number.isSafeInteger(said) && said >= 0 && said <= LARGEST ? said : null;
}
