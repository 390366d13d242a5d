import { Stream } from "../../core/stream.ts";
import { type Prompt, promptOf } from "../../prompts/prompt.ts";
import type { ChooseRequest } from "../model.ts";

/** A question with its options listed. */
export interface ListedOptions {
  readonly prompt: Prompt;
  /** Which option (of the order given) stands at each place of the list. */
  readonly shown: readonly number[];
}

/**
 * The question as every way of choosing shows it: the options under the task, each on a line behind its letter, in the order
 * given or permuted by the seed.
 */
export function listOptions({ prompt, options, order, seed }: ChooseRequest): ListedOptions {
  const places = options.map((_, i) => i);
  const shown =
    order === "permuted" ? [...Stream.root(seed).derive("choose", "order").permutation(options.length)] : places;
  const lines = shown.map((option, place) => `${letterOf(place)}) ${options[option]}`);
  const list = ["Options:", ...lines, "", "Answer with the text of one option and nothing else."].join("\n");
  const task = prompt.task === "" ? list : `${prompt.task}\n\n${list}`;
  return { prompt: promptOf(prompt.content, { ...prompt, task }), shown };
}

/**
 * The option (of the order given) that an answer names: by its text, white space, case, quotes and a last period aside, else
 * by its letter in the list ("B", "(b)", "B) its text"); the first line alone where the whole answer names none. null: none,
 * or more than one.
 */
export function matchOption(answer: string, options: readonly string[], shown: readonly number[]): number | null {
  const [firstLine = ""] = answer.trim().split("\n");
  for (const said of [answer, firstLine]) {
    const named = byText(said, options) ?? byLetter(said, options, shown);
    if (named !== null) return named;
  }
  return null;
}

function byText(said: string, options: readonly string[]): number | null {
  const text = normalized(said);
  const named = options.flatMap((option, i) => (normalized(option) === text ? [i] : []));
  return named.length === 1 ? named[0]! : null;
}

/** A letter alone or before a bracket, period or colon; what follows may only be that option's text. */
const LETTER = /^(?:(?:answer|option)\b\s*:?)?[\s"'*([]*([a-z]{1,2})(?:[)\].:*"']+\s*(.*))?$/is;

function byLetter(said: string, options: readonly string[], shown: readonly number[]): number | null {
  const [, letter, rest = ""] = LETTER.exec(said.trim()) ?? [];
  if (letter === undefined) return null;
  const named = shown.find((_, place) => letterOf(place) === letter.toUpperCase());
  if (named === undefined) return null;
  const text = normalized(rest);
  return text === "" || text === normalized(options[named]!) ? named : null;
}

function normalized(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s\u200b]+/gu, " ")
    .replace(/^[ "'*\u2018\u201c]+|[ "'*.\u2019\u201d]+$/gu, "");
}

/** A to Z, then AA, AB and so on. */
function letterOf(place: number): string {
  const last = String.fromCharCode(65 + (place % 26));
  return place < 26 ? last : letterOf(Math.floor(place / 26) - 1) + last;
}
