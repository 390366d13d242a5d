/** A message as a chat template is given it. */
export interface WrittenMessage {
  readonly role: string;
  readonly content: string;
}

/** An answer whose end is looked for in what the template writes. */
const ANSWER = "an answer";

/**
 * The token by which answers end: what the chat template writes behind one, if the model stops there; else the first that it
 * stops at, its end-of-text token.
 * @param stops ids at which the model stops
 * @param template what the chat template makes of messages; null: answers are drawn after plain text
 * @returns null where the model stops nowhere
 */
export function endOfAnswer(
  stops: readonly number[],
  template: ((messages: readonly WrittenMessage[]) => string) | null,
  idsOf: (text: string) => readonly number[],
): number | null {
  if (template !== null) {
    const written = template([
      { role: "user", content: "a question" },
      { role: "assistant", content: ANSWER },
    ]);
    const next = idsOf(written.slice(written.lastIndexOf(ANSWER) + ANSWER.length))[0];
    if (next !== undefined && stops.includes(next)) return next;
  }
  return stops[0] ?? null;
}
