import { z } from "zod";
import { CallError } from "../../core/errors.ts";
import type { ChooseRequest, Chosen } from "../model.ts";
import type { CallKind } from "./call.ts";
import { chooseByAnswer } from "./choose-by-answer.ts";
import { chooseByScores } from "./choose-by-scores.ts";
import { exactNumber, writeNumber } from "./exact-number.ts";
import { mapSlots, slotsOf, tokensAtMost } from "./prompt-texts.ts";

const memo = z.object({ index: z.int().min(0), logProbabilities: z.array(exactNumber).nullable() });

/** What a letter and its line add to an option in the list, in tokens, and what the list's first and last line take. */
const LETTER_TOKENS = 8;
const LIST_TOKENS = 96;

/**
 * Picks one of several options. A draw, so seed and index are part of the key. A provider without a way of its own picks by
 * the options' log-probabilities where it gives scores, else by drawing answers; these calls pass the layers in its place.
 */
export const choose: CallKind<ChooseRequest, Chosen> = {
  name: "choose",
  lacking: "chooses between no options",
  provided: (model) => model.choose?.bind(model),
  key: ({ prompt, options, order = "given", seed, sampleIndex, maxTokens = null }) => ({
    slots: slotsOf(prompt),
    options,
    order,
    seed,
    sampleIndex,
    maxTokens,
  }),
  encode: ({ index, logProbabilities }) => ({
    choice: { index, logProbabilities: logProbabilities?.map(writeNumber) ?? null },
  }),
  decode: ({ choice }) => memo.safeParse(choice).data ?? null,
  bound: ({ prompt, options, maxTokens }) => ({
    tokensIn: options.reduce(
      (sum, option) => sum + Buffer.byteLength(option) + LETTER_TOKENS,
      tokensAtMost(prompt) + LIST_TOKENS,
    ),
    tokensOut: maxTokens ?? tokensToName(options),
  }),
  cost: ({ tokensIn, tokensOut }) => ({ tokensIn: tokensIn ?? null, tokensOut: tokensOut ?? null }),
  mapTexts: (request, map) => ({
    ...request,
    prompt: mapSlots(request.prompt, map),
    options: request.options.map(map),
  }),
  fallback(request, call, { scoring }) {
    if (request.options.length === 0) {
      return Promise.reject(new CallError("bad-request", "There are no options to choose between."));
    }
    return scoring === null
      ? chooseByAnswer({ maxTokens: tokensToName(request.options), ...request }, call)
      : chooseByScores(request, call);
  },
};

/** Tokens that any option and its letter fit into. */
function tokensToName(options: readonly string[]): number {
  return Math.max(...options.map((option) => Buffer.byteLength(option))) + LETTER_TOKENS;
}
