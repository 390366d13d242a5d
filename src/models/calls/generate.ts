import { z } from "zod";
import { InputError } from "../../core/errors.ts";
import type { Completion, GenerateRequest } from "../model.ts";
import type { CallKind } from "./call.ts";
import { mapSlots, slotsOf, tokensAtMost } from "./prompt-texts.ts";
import { tokenCount } from "./token-count.ts";

const memo = z.object({
  text: z.string(),
  tokensIn: z.number().nullable(),
  tokensOut: z.number().nullable(),
  finish: z.enum(["stop", "length", "filter", "error"]),
});

/**
 * Draws an answer. The sample's index and its seed (derived from the run's seed, the cell and the index) are part of the key,
 * so N equal prompts are N draws, also from a warm cache.
 */
export const generate: CallKind<GenerateRequest, Completion> = {
  name: "generate",
  lacking: "gives no answers",
  provided: (model) => async (request) => {
    const answer = await model.generate(request);
    if (typeof answer?.text === "string")
      return { ...answer, tokensIn: tokenCount(answer.tokensIn), tokensOut: tokenCount(answer.tokensOut) };
    throw new InputError(
      `The model \`${model.id}\` gave no answer: \`generate\` must give { text, tokensIn, tokensOut, finish }.`,
    );
  },
  key: ({ prompt, decoding, seed, sampleIndex }) => ({
    slots: slotsOf(prompt),
    decoding: { ...decoding },
    seed,
    sampleIndex,
  }),
  encode: ({ text, tokensIn, tokensOut, finish }) => ({ completion: { text, tokensIn, tokensOut, finish } }),
  decode: ({ completion }) => memo.safeParse(completion).data ?? null,
  bound: ({ prompt, decoding }) => ({ tokensIn: tokensAtMost(prompt), tokensOut: decoding.maxTokens }),
  cost: ({ tokensIn, tokensOut }) => ({ tokensIn, tokensOut }),
  mapTexts: (request, map) => ({ ...request, prompt: mapSlots(request.prompt, map) }),
  mapWritten: (answer, map) => map(answer),
};
