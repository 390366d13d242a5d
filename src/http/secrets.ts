import type { Caller } from "./failures.ts";
import { base64Patterns, escapedPattern, literal } from "./secret-pattern.ts";

/** A text that must not get out, and what is shown in its place. */
export interface Secret {
  readonly value: string;
  /** `[key]`, or `${NAME}` for what a config takes from the environment. */
  readonly shown: string;
}

/** A shorter secret occurs by chance. */
const SHORTEST = 8;
/** A shorter one may be a word, where it looks like one. */
const SHORTEST_WORD = 16;
/** What words look like: letters of one case (the first may be a capital) or digits, with hyphens, underscores and dots. */
const WORD = /^(?:\p{Lu}?[\p{Ll}._-]+|[\p{Lu}._-]+|[\d._-]+)$/u;

/** What an address leaves of a value may be less than a word (`a/../b`). */
const SHORTEST_FORM = 4;

/** No answer of a protocol is nested so deep. */
const DEEPEST = 200;

/**
 * Why a secret is not searched for in answers, as the end of a sentence; null where it is. Placeholders of local servers (`EMPTY`,
 * `none`, `not-needed`) may be words of an answer, which stays as it came.
 */
export function whyNotSearched(value: string): string | null {
  if (value.length < SHORTEST) return `it has fewer than ${SHORTEST} characters`;
  return value.length < SHORTEST_WORD && WORD.test(value) ? "it looks like an ordinary word or number" : null;
}

/** A longer one is searched for in pieces of this length: what a regular expression may hold is bounded. */
const PIECE = 128;

/** What base64 consists of. */
const BESIDE = "[\\w+/=-]";

/** How a secret is found. */
interface Search {
  readonly shown: string;
  readonly escaped: RegExp;
  /** Base64 of it, and the same with the characters beside it, which hold bits of its first and last; null where it may be a word. */
  readonly encoded: { readonly found: RegExp; readonly whole: RegExp } | null;
}

/**
 * Takes secrets out of what a server sends and of what is said about it, in every form in which they come back: as they are,
 * escaped for JSON, URLs and HTML in any way, and in base64 wherever they stand in it (`Basic` authorization).
 */
export class Secrets {
  readonly #strong: readonly Search[];
  readonly #weak: readonly Search[];

  constructor(secrets: readonly Secret[]) {
    // The longer first: one may hold another.
    const sorted = secrets.filter(({ value }) => value !== "").sort((a, b) => b.value.length - a.value.length);
    this.#strong = sorted.filter(({ value }) => whyNotSearched(value) === null).flatMap(searches);
    this.#weak = sorted
      .filter(({ value }) => whyNotSearched(value) !== null)
      .map(({ value, shown }) => ({
        shown,
        escaped: new RegExp(`(?<![\\p{L}\\p{N}_-])${escapedPattern(value)}(?![\\p{L}\\p{N}_-])`, "gu"),
        encoded: null,
      }));
  }

  /** A text that people read (a message, a stack): also what may be a word is taken out, where it stands by itself. */
  inMessage(text: string): string {
    return this.#weak.reduce(hidden, this.inText(text));
  }

  /** A text that a server wrote: what may be a word stays. */
  inText(text: string): string {
    return this.#strong.reduce(hidden, text);
  }

  /** Whether JSON surely holds no secret, by its text alone: nothing is escaped in it, so all of it can be seen. */
  absentFrom(json: string): boolean {
    return !json.includes("\\") && this.inText(json) === json;
  }

  /** As `inText`, in every text and name of parsed JSON; the same value where nothing is found. What lies too deep is left out. */
  inJson(value: unknown, depth = 0): unknown {
    if (this.#strong.length === 0 || value === null) return value;
    if (typeof value === "string") return this.inText(value);
    if (typeof value !== "object") return value;
    if (depth === DEEPEST) return null;
    if (Array.isArray(value)) {
      const safe = value.map((member) => this.inJson(member, depth + 1));
      return safe.some((member, i) => member !== value[i]) ? safe : value;
    }
    const members = Object.entries(value);
    const safe = members.map(([name, member]) => [this.inText(name), this.inJson(member, depth + 1)] as const);
    return safe.some(([name, member], i) => name !== members[i]![0] || member !== members[i]![1])
      ? Object.fromEntries(safe)
      : value;
  }

  /** The same error: its message and stack, and those of its causes, hold no secret; of other packages' errors no more is left. */
  inError<T>(error: T): T {
    if (!(error instanceof Error)) return error;
    this.#hideIn(error);
    if (error.cause !== undefined) Object.defineProperty(error, "cause", { ...HIDDEN, value: this.bare(error.cause) });
    return error;
  }

  /** An error of another package with its name, message and stack alone, without secrets. */
  bare(cause: unknown): Error | undefined {
    if (!(cause instanceof Error)) return undefined;
    const bare = new Error(cause.message, cause.cause === undefined ? undefined : { cause: this.bare(cause.cause) });
    bare.name = cause.name;
    if (cause.stack !== undefined) bare.stack = cause.stack;
    this.#hideIn(bare);
    return bare;
  }

  #hideIn(error: Error): void {
    const stack = error.stack === undefined ? undefined : this.inMessage(error.stack);
    error.message = this.inMessage(error.message);
    if (stack !== undefined) error.stack = stack;
  }
}

/** How a cause stands on an error. */
const HIDDEN = { writable: true, enumerable: false, configurable: true };

function searches({ value, shown }: Secret): Search[] {
  const pieces = Math.ceil(value.length / PIECE);
  const end = (i: number) => Math.floor((i * value.length) / pieces);
  return Array.from({ length: pieces }, (_, i) => {
    const piece = value.slice(end(i), end(i + 1));
    const encoded = base64Patterns(piece).join("|");
    // The pieces are shown as one. In base64 one character may stand between them, which holds bits of both.
    const [first, last] = [i === 0, i === pieces - 1];
    const before = first ? `${BESIDE}{0,3}` : `(?:${literal(shown)}[\\r\\n]{0,2}${BESIDE}?[\\r\\n]{0,2})?`;
    return {
      shown,
      escaped: new RegExp((first ? "" : `(?:${literal(shown)})?`) + escapedPattern(piece), "g"),
      encoded: {
        found: new RegExp(encoded),
        whole: new RegExp(`${before}(?:${encoded})${last ? `${BESIDE}{0,3}` : ""}`, "g"),
      },
    };
  });
}

function hidden(text: string, { shown, escaped, encoded }: Search): string {
  const safe = text.replace(escaped, () => shown);
  return encoded?.found.test(safe) ? safe.replace(encoded.whole, () => shown) : safe;
}

/** A value, and what an address makes of it: `\` becomes `/`, a host is in lower case. Escapes are searched for anyway. */
function inAddresses(value: string): readonly string[] {
  const made = (text: string) => (URL.canParse(text) ? new URL(text) : null);
  const host = /[/\\:?#@]/.test(value) ? null : made(`http://${value}`);
  const forms = [made(value)?.href.replace(/\/$/, ""), made(`http://h/${value}`)?.pathname.slice(1), host?.hostname];
  const long = forms.filter((form) => form !== undefined).filter(({ length }) => length >= SHORTEST_FORM);
  return [...new Set([value, ...long])];
}

/** What a caller's requests hold that must not get out: its key, and what its config takes from the environment. */
export function secretsOf({ variables = {} }: Pick<Caller, "variables">, key: string | null): Secrets {
  const named = Object.entries(variables).flatMap(([name, value]) =>
    inAddresses(value).map((form) => ({ value: form, shown: `\${${name}}` })),
  );
  return new Secrets([...(key === null ? [] : [{ value: key, shown: "[key]" }]), ...named]);
}
