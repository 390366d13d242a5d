import { shortText } from "../config/bounds.ts";
import type { ShownToken } from "./boundary.ts";

/** The option of models behind a server, whose own end token cannot be read from a file. */
export const endTokenOption = {
  endToken: shortText
    .optional()
    .describe(
      "Text of the token that ends a text, whose log-probability belongs to a score. Default: the likeliest of the well-known ones that the server reads as one token.",
    ),
};

/** Texts of the tokens by which models in wide use end a text or a turn. */
export const knownEnds = [
  "</s>",
  "<|im_end|>",
  "<|endoftext|>",
  "<|eot_id|>",
  "<|end_of_text|>",
  "<eos>",
  "<end_of_turn>",
  "<|end|>",
] as const;

/** What a model would end: a whole sentence. */
const SENTENCE = "It was a fine day.";

/**
 * Finds the token that ends a text for a model whose tokenizer cannot be asked: of the candidates that, written after a text,
 * are read as one more token, the likeliest after a whole sentence. Written out as ordinary characters they are several tokens.
 * @param show the tokens of a text with their log-probabilities
 * @returns the token's text; null where the server reads none of them as one
 */
export async function findEndToken(
  show: (text: string) => Promise<readonly ShownToken[]>,
  candidates: readonly string[] = knownEnds,
): Promise<string | null> {
  const plain = await show(SENTENCE);
  const read = await Promise.all(candidates.map(async (end) => ({ end, tokens: await show(SENTENCE + end) })));
  let best: { readonly end: string; readonly logprob: number } | null = null;
  for (const { end, tokens } of read) {
    const logprob = tokens.at(-1)?.logprob ?? null;
    const one = tokens.length === plain.length + 1 && plain.every(({ id }, i) => id === tokens[i]?.id);
    if (one && logprob !== null && (best === null || logprob > best.logprob)) best = { end, logprob };
  }
  return best?.end ?? null;
}
