import { CallError } from "../../core/errors.ts";
import type { EchoScorer } from "./echo-scorer.ts";

/** What a server was found to do with echo, and the sentence that says so. */
export interface ScoringProbe {
  readonly works: boolean;
  readonly reason: string;
}

const PROMPT = "The weather today is";
const LIKELY = " fine and it will be fine tomorrow.";
const UNLIKELY = " qzx vvkj 0x7f wqqp !!!! ~~ zz.";

/**
 * Asks a server once whether it really scores what it is shown: it must return one value for each token of the prompt, null
 * for the first alone, all others finite and not positive, and two continuations must score differently. Some servers accept
 * `echo` and return log-probabilities of generated tokens only: scores would be noise without an error.
 * @throws CallError when the server cannot be reached or refuses the key: that says nothing about scoring.
 */
export async function probeScoring(scorer: EchoScorer, signal?: AbortSignal): Promise<ScoringProbe> {
  try {
    const echo = await scorer.echo(PROMPT + LIKELY, signal);
    const [head, ...rest] = echo.map(({ logprob }) => logprob);
    const text = echo
      .map(({ id }) => id)
      .join("")
      .replace(/[\s\u2581]/g, "");
    const spoken = (PROMPT + LIKELY).replace(/\s/g, "");
    if (!text.includes(spoken)) return no("it returned log-probabilities of other tokens than it was shown");
    if (head !== null && head !== undefined && !(head <= 0)) return no("its first value is not a log-probability");
    if (rest.length === 0 || rest.some((value) => value === null || !Number.isFinite(value) || value > 0)) {
      return no("values are missing for tokens it was shown");
    }
    const [likely, unlikely] = await Promise.all([
      scorer.score(PROMPT, LIKELY, signal),
      scorer.score(PROMPT, UNLIKELY, signal),
    ]);
    if (Math.abs(likely.total / likely.tokens.length - unlikely.total / unlikely.tokens.length) < 1e-9) {
      return no("two different continuations got the same score");
    }
    return { works: true, reason: "prompt log-probabilities by /completions with echo" };
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    if (error.kind === "not-found") return no("it has no /completions route for this model");
    if (error.kind === "bad-request") return no(`it refused echo with log-probabilities (${error.message})`);
    if (error.kind === "malformed") return no("it returned no log-probabilities for the text it was shown");
    throw error;
  }
}

function no(why: string): ScoringProbe {
  return { works: false, reason: `no prompt log-probabilities: ${why}` };
}
