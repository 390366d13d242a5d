import { TokenCorpus } from "../../text/token-corpus.ts";
import { derived, tokensOf } from "../sample-set.ts";

/** The set's texts as tokens, interned once. */
export const corpusOf = derived((set) => new TokenCorpus(tokensOf(set)));
