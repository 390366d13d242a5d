import { z } from "zod";
import { takesInEnd } from "../boundary.ts";
import type { ScoredText, ScoreRequest } from "../model.ts";
import type { CallKind } from "./call.ts";
import { exactNumber, writeNumber } from "./exact-number.ts";
import { mapSlots, slotsOf, tokensAtMost } from "./prompt-texts.ts";

const memo = z.array(exactNumber);

/**
 * log p(continuation | prompt). It is no draw, so neither index nor seed enter its key; a text with its end and one without
 * are two scores, as are those after another begin token.
 */
export const score: CallKind<ScoreRequest, ScoredText> = {
  name: "score",
  lacking: "gives no log-probabilities of texts it is shown",
  provided: (model) => model.score?.bind(model),
  key(request, { scoring }) {
    const { prompt, continuation, temperature = 1 } = request;
    const token = scoring?.end ?? null;
    const end = takesInEnd(request, token !== null) ? token : null;
    return { slots: slotsOf(prompt), continuation, temperature, begin: scoring?.begin ?? null, end };
  },
  encode: ({ tokens }) => ({ tokens: Array.from(tokens, writeNumber) }),
  decode({ tokens }) {
    const known = memo.safeParse(tokens);
    if (!known.success) return null;
    return { total: known.data.reduce((sum, value) => sum + value, 0), tokens: Float64Array.from(known.data) };
  },
  // The prompt alone is scored too, once for all its continuations; one more token is the text's end.
  bound: ({ prompt, continuation }) => ({
    tokensIn: 2 * tokensAtMost(prompt) + Buffer.byteLength(continuation) + 1,
    tokensOut: 2,
  }),
  cost: ({ tokensIn = null, tokensOut = 0, requests }) => ({ tokensIn, tokensOut, requests }),
  mapTexts: (request, map) => ({
    ...request,
    prompt: mapSlots(request.prompt, map),
    continuation: map(request.continuation),
  }),
};
