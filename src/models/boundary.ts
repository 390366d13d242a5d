import { CallError } from "../core/errors.ts";
import type { ScoredText, ScoreRequest } from "./model.ts";

/** A token of a text that a model was shown: its id or piece, and log p(token | all before); null where it has none. */
export interface ShownToken {
  readonly id: number | string;
  readonly logprob: number | null;
}

/** Requests of one score that is found by `continuationScore`, for a model's profile: the prompt alone, and with the text. */
export const REQUESTS_OF_DIFFERENCE = { score: 2 } as const;

/** What rounding may add to the log-probability of a sure token. */
const ROUNDING = 1e-3;

/** Whether a value is the log-probability of a token, in nats. */
export function isLogprob(value: number | null | undefined): value is number {
  return value != null && Number.isFinite(value) && value <= ROUNDING;
}

/**
 * log p(continuation | prompt) from the scored tokens of the prompt alone and of prompt + continuation.
 *
 * The boundary is found in the tokens, not by character offsets (SentencePiece pieces lose their leading spaces). Where the
 * prompt's tokens begin the longer text's, this is the sum over the continuation's tokens; where the tokenizer merges across
 * the boundary, what the merge replaced is taken off the first new token, so that the total is still exactly
 * log p(prompt continuation) - log p(prompt).
 * @throws CallError `malformed` when a value is missing or none (it is never read as zero) or the continuation added no token.
 */
export function continuationScore(prompt: readonly ShownToken[], whole: readonly ShownToken[]): ScoredText {
  let shared = 0;
  const most = Math.min(prompt.length, whole.length);
  while (shared < most && prompt[shared]?.id === whole[shared]?.id) shared += 1;
  const tokens = Float64Array.from(whole.slice(shared), known);
  if (tokens.length === 0) throw new CallError("malformed", "The continuation added no token to the prompt.");
  for (const replaced of prompt.slice(shared)) tokens[0]! -= known(replaced);
  const total = tokens.reduce((sum, value) => sum + value, 0);
  return { tokens, total, tokensIn: prompt.length + whole.length };
}

/**
 * Refuses to score at another temperature where only the model's own distribution is known: raising it to 1/T takes every
 * token's logit. @throws CallError `bad-request`
 */
export function ownTemperatureOnly({ temperature }: ScoreRequest): void {
  if (temperature === undefined || temperature === 1) return;
  throw new CallError(
    "bad-request",
    "This model scores texts at temperature 1 only: it tells no other tokens' values.",
  );
}

/**
 * Whether a score is to take in the end of the text: as asked, else where the model has a token for it.
 * @throws CallError `bad-request` when it is asked for and the model has none
 */
export function takesInEnd({ end }: ScoreRequest, has: boolean): boolean {
  if (end === true && !has) throw new CallError("bad-request", "This model cannot score the end of a text.");
  return end ?? has;
}

function known({ logprob }: ShownToken): number {
  if (!isLogprob(logprob)) {
    throw new CallError("malformed", "The model gave no log-probability for a token it was shown.");
  }
  return logprob;
}
