import { isBearable } from "../core/error-budget.ts";
import type { Completion } from "./model.ts";

/**
 * Questions whose answers do not stand in them: who echoes the question or the whole prompt answers none, who says the same to
 * everything at most one.
 */
const QUESTIONS: readonly { readonly asked: string; readonly answer: RegExp }[] = [
  { asked: "What is the capital of France? Reply with one word and nothing else.", answer: /\bparis\b/i },
  { asked: "How many legs has a cat? Reply with one digit and nothing else.", answer: /\b(?:4|four)\b/i },
  { asked: "What is 2 + 3? Reply with one digit and nothing else.", answer: /\b(?:5|five)\b/i },
  { asked: "Write the opposite of hot. Reply with one word and nothing else.", answer: /\bcold\b/i },
];

/** Right answers needed: a small chat model may miss one. */
const NEEDED = 3;

/** Small chat models say "The capital of France is Paris." where one word was asked for; texts that run on are longer. */
const MOST_WORDS = 8;

/**
 * Whether a model answers what it is asked and then stops. A base model that knows an answer goes on with the text instead.
 * @param ask sends one instruction as the whole prompt
 */
export async function followsInstructions(
  ask: (instruction: string) => Promise<Completion>,
): Promise<{ readonly works: boolean; readonly seen: string }> {
  let right = 0;
  let shown = "";
  for (const { asked, answer } of QUESTIONS) {
    const given = await ask(asked).catch((error: unknown) => {
      if (!isBearable(error)) throw error;
      return null; // no text is no answer
    });
    const good = given !== null && isBrief(given) && answer.test(given.text);
    if (good) right += 1;
    else shown ||= `; to ${JSON.stringify(asked)} it said ${given === null ? "nothing" : quoted(given.text)}`;
  }
  return {
    works: right >= NEEDED,
    seen: `answered ${right} of ${QUESTIONS.length} short questions as they were asked (${NEEDED} are needed)${shown}`,
  };
}

function isBrief({ text, finish }: Completion): boolean {
  return finish === "stop" && text.trim().split(/\s+/).length <= MOST_WORDS;
}

/** The beginning of a text on one line. */
export function quoted(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return JSON.stringify(line.length > 60 ? `${line.slice(0, 60)}...` : line);
}
