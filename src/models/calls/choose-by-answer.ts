import { CallError } from "../../core/errors.ts";
import { Stream } from "../../core/stream.ts";
import type { ChooseRequest, Chosen, Completion } from "../model.ts";
import type { Handler } from "./call.ts";
import { generate } from "./generate.ts";
import { listOptions, matchOption } from "./listed-options.ts";
import { originOf } from "./origin.ts";

/** Answers drawn at most until one names an option. */
export const MOST_ANSWERS = 5;

/**
 * Picks the option that a drawn answer names. An answer that names none is drawn again by another seed: what is left is the
 * model's own distribution over the options.
 * @throws CallError `malformed` with the last answer when none of them names an option; those of the calls
 */
export async function chooseByAnswer(
  request: ChooseRequest & { readonly maxTokens: number },
  call: Handler,
): Promise<Chosen> {
  const { options, seed, sampleIndex, maxTokens, signal } = request;
  const { prompt, shown } = listOptions(request);
  const decoding = { temperature: 1, topP: 1, maxTokens };
  const answers: Completion[] = [];
  while (answers.length < MOST_ANSWERS) {
    const attempt = answers.length;
    const derived = attempt === 0 ? seed : Stream.root(seed).derive("choose", "again", attempt).uint32();
    const answer = await call(generate, { prompt, decoding, seed: derived, sampleIndex, signal });
    answers.push(answer);
    const index = matchOption(answer.text, options, shown);
    if (index === null) continue;
    const origin = originOf(answers);
    const retries = attempt + (origin.retries ?? 0);
    return { index, logProbabilities: null, ...origin, ...(retries === 0 ? {} : { retries }) };
  }
  const last = answers.at(-1)?.text ?? "";
  throw new CallError(
    "malformed",
    `None of ${MOST_ANSWERS} answers names one of the ${options.length} options; the last: ${JSON.stringify(last.slice(0, 80))}.`,
    { answer: last, attempts: MOST_ANSWERS },
  );
}
