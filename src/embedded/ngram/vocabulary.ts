import {
  core,
  holdsWord,
  mayFollow,
  type Start,
  Start as Starts,
  startOf,
  type Tail,
  Tail as Tails,
  tailOf,
} from "./tokenizer.ts";

/** The end of the text; as a context, its beginning. */
export const END = 0;

/** What follows an escape token: a word spelled letter by letter, or one character. */
export type Spelling = "word" | "character";

/** Stands for a token that is not in the vocabulary: `prefix`, then what is spelled. */
export interface Escape {
  readonly prefix: string;
  readonly spells: Spelling;
  readonly start: Start;
}

/** Ids 1 .. ESCAPES.length of every vocabulary. */
export const ESCAPES: readonly Escape[] = [
  { prefix: " ", spells: "word", start: Starts.spaced },
  { prefix: "", spells: "word", start: Starts.word },
  { prefix: " '", spells: "word", start: Starts.spaced },
  { prefix: "'", spells: "word", start: Starts.mark },
  { prefix: " \u2019", spells: "word", start: Starts.spaced },
  { prefix: "\u2019", spells: "word", start: Starts.mark },
  { prefix: " ", spells: "character", start: Starts.spaced },
  { prefix: "", spells: "character", start: Starts.mark },
  { prefix: "", spells: "character", start: Starts.blank },
];

/** Always known, so that an escape never spells an apostrophe or a space. */
const ALWAYS = [" ", "'", " '", "\u2019", " \u2019"] as const;

/** The id of the escape that stands for an unknown token. */
export function escapeOf(token: string): number {
  if (holdsWord(token)) {
    const bare = core(token);
    const mark = bare.charCodeAt(0) === 0x27 ? "'" : bare.charCodeAt(0) === 0x2019 ? "\u2019" : "";
    const prefix = (token.length > bare.length ? " " : "") + mark;
    return 1 + ESCAPES.findIndex((entry) => entry.spells === "word" && entry.prefix === prefix);
  }
  const start = startOf(token);
  return start === Starts.spaced ? 7 : start === Starts.mark ? 8 : 9;
}

/** The tokens a model knows, numbered: 0 the end, then the escapes, then tokens. */
export class Vocabulary {
  readonly size: number;
  readonly starts: Uint8Array;
  readonly tails: Uint8Array;
  readonly #texts: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;

  constructor(tokens: Iterable<string>) {
    const known = new Set<string>(ALWAYS);
    for (const token of tokens) known.add(token);
    const texts = ["", ...ESCAPES.map((entry) => entry.prefix), ...known];
    const offset = 1 + ESCAPES.length;
    this.size = texts.length;
    this.#texts = texts;
    this.#ids = new Map([...known].map((token, i) => [token, offset + i]));
    this.starts = Uint8Array.from(texts, (text, id) =>
      id === END ? Starts.end : id < offset ? ESCAPES[id - 1]!.start : startOf(text),
    );
    this.tails = Uint8Array.from(texts, (text, id) =>
      id === END ? Tails.open : id < offset ? this.#escapeTail(ESCAPES[id - 1]!) : tailOf(text),
    );
  }

  #escapeTail(entry: Escape): Tail {
    return entry.spells === "word" ? Tails.word : Tails.open;
  }

  /** The id of a token, undefined when it is unknown. */
  idOf(token: string): number | undefined {
    return this.#ids.get(token);
  }

  /** The token's text; an escape's is its prefix. */
  textOf(id: number): string {
    return this.#texts[id]!;
  }

  /** Whether a token may stand after one with this tail. */
  allows(tail: number, token: number): boolean {
    return mayFollow(tail as Tail, this.starts[token] as Start);
  }

  isEscape(id: number): boolean {
    return id > END && id <= ESCAPES.length;
  }
}
