import { CallError } from "../../core/errors.ts";
import { isLogprob } from "../boundary.ts";
import { findEndToken } from "../end-token.ts";
import type { Echo } from "./answers.ts";
import { type EchoLayout, EchoScorer, type EchoServer } from "./echo-scorer.ts";

/** What a server was found to do with echo, and the sentence that says so. */
export interface ScoringProbe {
  /** null: it gives no log-probabilities that mean what they say. */
  readonly layout: EchoLayout | null;
  readonly reason: string;
}

/** What the config says of the model's own tokens; what it does not say is looked for. */
export interface GivenTokens {
  /** Put in front of every text. */
  readonly begin: string | null;
  readonly end: string | null;
}

const PROMPT = "The weather today is";
const UNLIKELY = " qzx vvkj 0x7f wqqp !!!! ~~ zz.";
/** Tokens that the server writes and is then shown. */
const WRITTEN = 6;
/** Two values of one token agree when they are this close, in nats: 4-bit weights move them by tenths with the batch's shape. */
const CLOSE = 0.5;

/** Texts of the tokens by which models in wide use begin a text. */
const KNOWN_BEGINS = ["<|im_start|>", "<|endoftext|>", "<|begin_of_text|>", "<s>", "<bos>"] as const;

/**
 * Asks a server once whether it really scores what it is shown, and how to read its answer. It writes a few tokens, and is then
 * shown them: it must list every token of the text, null for the first alone, all others finite and not positive, and give its
 * own words the values that it gave them when it wrote them; and two continuations must score differently. Some servers accept
 * `echo` and return log-probabilities of generated tokens only; llama-cpp-python's stand one token late where the tokenizer
 * adds no BOS, and are right when the text begins with one. Scores would be noise without an error.
 * @throws CallError when the server cannot be reached or refuses the key: that says nothing about scoring.
 */
export async function probeScoring(server: EchoServer, given: GivenTokens): Promise<ScoringProbe> {
  try {
    let found = await readShown(server, given.begin ?? "");
    for (const begin of given.begin === null && found.fault === LATE ? KNOWN_BEGINS : []) {
      const other = await readShown(server, begin);
      if (other.fault !== null) continue;
      found = other;
      break;
    }
    if (found.fault !== null) return no(found.fault);
    const { begin, listsGenerated, likely } = found;
    const scorer = new EchoScorer(server, { begin, listsGenerated, end: null });
    const unlikely = await scorer.shown(PROMPT + UNLIKELY, undefined);
    if (Math.abs(likely - meanOf(unlikely.map(({ logprob }) => logprob))) < 1e-9) {
      return no("two different texts got the same score");
    }
    const end = await findEndToken(
      (text) => scorer.shown(text, undefined),
      given.end === null ? undefined : [given.end],
    );
    return { layout: { begin, listsGenerated, end }, reason: sentenceOf(begin, end, given) };
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    if (error.kind === "not-found") return no("it has no /completions route for this model");
    if (error.kind === "bad-request") return no(`it refused echo with log-probabilities (${error.message})`);
    if (error.kind === "malformed") return no("it returned no log-probabilities for the text it was shown");
    throw error;
  }
}

const LATE = "what it says of a text it is shown is not what it said when it wrote it";

interface Reading {
  readonly begin: string;
  readonly listsGenerated: boolean;
  /** Mean value of the text's tokens. */
  readonly likely: number;
  /** Why its values are no scores of the text; null: they are. */
  readonly fault: string | null;
}

/** Has the server write on after a prompt, shows it prompt and answer, and reads what it lists. */
async function readShown(server: EchoServer, begin: string): Promise<Reading> {
  const written = await server.write(begin + PROMPT, WRITTEN, undefined);
  // What it breaks off within a character cannot be sent back.
  const text = PROMPT + (written.text.split("\ufffd")[0] ?? "");
  const echo = await server.echo(begin + text, undefined);
  const behind = echo.tokens.length - (echo.generatedTokens ?? 1);
  const listsGenerated = spells(echo.tokens.slice(0, behind), text);
  const shown = listsGenerated ? behind : echo.tokens.length;
  const [head, ...rest] = echo.logprobs.slice(0, shown);
  const reading = { begin, listsGenerated, likely: meanOf(rest) };
  if (!listsGenerated && !spells(echo.tokens, text)) {
    return { ...reading, fault: "it returned log-probabilities of other tokens than it was shown" };
  }
  if (head != null && !isLogprob(head)) return { ...reading, fault: "its first value is not a log-probability" };
  if (rest.length === 0 || !rest.every(isLogprob)) {
    return { ...reading, fault: "values are missing for tokens it was shown" };
  }
  return { ...reading, fault: agrees(written, echo, shown) ? null : LATE };
}

/** Whether most of the tokens that were written have their values again, as far as they are read again as the same ones. */
function agrees(written: Echo, echo: Echo, shown: number): boolean {
  let from = 0;
  while (from < shown && !spells(echo.tokens.slice(0, from), PROMPT)) from += 1;
  const gaps: number[] = [];
  for (const [i, piece] of written.tokens.entries()) {
    const [then, now] = [written.logprobs[i], echo.logprobs[from + i]];
    if (from + i >= shown || letters(echo.tokens[from + i] ?? "") !== letters(piece) || then == null || now == null)
      break;
    gaps.push(Math.abs(then - now));
  }
  return gaps.filter((gap) => gap < CLOSE).length > gaps.length / 2;
}

/** SentencePiece's pieces may lack their spaces. */
function letters(text: string): string {
  return text.replace(/[\s\u2581]/g, "");
}

/** Whether pieces are those of a text, a token before it aside. */
function spells(pieces: readonly string[], text: string): boolean {
  return letters(pieces.join("")).endsWith(letters(text));
}

function meanOf(logprobs: readonly (number | null)[]): number {
  const known = logprobs.filter((value) => value !== null);
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

function sentenceOf(begin: string, end: string | null, given: GivenTokens): string {
  const scored = "prompt log-probabilities by /completions with echo";
  const added = begin !== "" && given.begin === null ? `, after a ${begin} that it does not add itself` : "";
  const ends = end === null ? "; the end of a text cannot be scored" : `, ends of texts by ${end}`;
  return `${scored}${added}${ends}`;
}

function no(why: string): ScoringProbe {
  return { layout: null, reason: `no prompt log-probabilities: ${why}` };
}
