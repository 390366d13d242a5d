import { z } from "zod";
import { CallError } from "../../core/errors.ts";
import { continuationScore, isLogprob, REQUESTS_OF_DIFFERENCE, type ShownToken } from "../boundary.ts";
import type { ScoredText } from "../model.ts";

/** Sends JSON to a route of a dedicated endpoint and gives its JSON back. */
export type PostEndpoint = (route: string, body: object, signal: AbortSignal | undefined) => Promise<unknown>;

const shownToken = z.object({ id: z.number(), text: z.string(), logprob: z.number().nullish() });
const answer = z.object({ details: z.object({ prefill: z.array(shownToken) }) });
const generated = z.union([answer, z.array(answer).min(1)]);

/**
 * log p(continuation | prompt) by TGI's own route: /generate with `decoder_input_details` returns the shown tokens with ids
 * and log-probabilities ("prefill"). Servers give it only when started with --enable-prefill-logprobs.
 * @param end text of the token that ends a text, to be scored as well; "": the text alone
 */
export async function scorePrefill(
  post: PostEndpoint,
  prompt: string,
  continuation: string,
  end: string,
  signal: AbortSignal | undefined,
): Promise<ScoredText> {
  // One after the other: a call holds one place of the account's limit.
  const before = complete(await prefill(post, prompt, signal));
  const whole = complete(await prefill(post, prompt + continuation + end, signal));
  const requests = REQUESTS_OF_DIFFERENCE.score;
  return { ...continuationScore(before, whole), tokensOut: requests, requests };
}

/**
 * Tokens of a text with their log-probabilities, as far as the endpoint tells them; empty where it tells none.
 * @throws CallError as `post`
 */
export async function prefill(
  post: PostEndpoint,
  text: string,
  signal: AbortSignal | undefined,
): Promise<readonly ShownToken[]> {
  const parameters = { details: true, decoder_input_details: true, max_new_tokens: 1, do_sample: false };
  const parsed = generated.safeParse(await post("/generate", { inputs: text, parameters }, signal));
  const found = parsed.success ? (Array.isArray(parsed.data) ? parsed.data[0] : parsed.data) : undefined;
  return (found?.details.prefill ?? []).map(({ id, logprob }) => ({ id, logprob: logprob ?? null }));
}

/**
 * The tokens, when all but the first, which stands after nothing, have their log-probabilities.
 * @throws CallError `malformed`, retryable, else
 */
export function complete(tokens: readonly ShownToken[]): readonly ShownToken[] {
  if (tokens.length > 0 && tokens.slice(1).every(({ logprob }) => isLogprob(logprob))) return tokens;
  throw new CallError(
    "malformed",
    "The endpoint returned no prefill log-probabilities: start TGI with --enable-prefill-logprobs.",
    { retryable: true },
  );
}
