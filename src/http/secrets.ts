import type { Caller } from "./failures.ts";

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

/**
 * Takes secrets out of what a server sends and of what is said about it, in every form in which they come back: as they are,
 * escaped for JSON, URLs and HTML, and in base64 wherever they stand in it (`Basic` authorization).
 */
export class Secrets {
  readonly #strong: readonly { readonly forms: readonly string[]; readonly pattern: RegExp; readonly shown: string }[];
  readonly #weak: readonly { readonly pattern: RegExp; readonly shown: string }[];

  constructor(secrets: readonly Secret[]) {
    // The longer first: one may hold another.
    const sorted = secrets.filter(({ value }) => value !== "").sort((a, b) => b.value.length - a.value.length);
    const searched = sorted.filter(({ value }) => whyNotSearched(value) === null);
    this.#strong = searched.map(({ value, shown }) => {
      const [plain, encoded] = [plainForms(value), base64Forms(value)];
      const pattern = [...plain.map(literal), ...encoded.map((form) => `[\\w+/=-]{0,3}${literal(form)}[\\w+/=-]{0,3}`)];
      return { forms: [...plain, ...encoded], pattern: new RegExp(pattern.join("|"), "g"), shown };
    });
    this.#weak = sorted
      .filter(({ value }) => whyNotSearched(value) !== null)
      .map(({ value, shown }) => ({
        pattern: new RegExp(
          `(?<![\\p{L}\\p{N}_-])(?:${plainForms(value).map(literal).join("|")})(?![\\p{L}\\p{N}_-])`,
          "gu",
        ),
        shown,
      }));
  }

  /** A text that people read (a message, a stack): also what may be a word is taken out, where it stands by itself. */
  inMessage(text: string): string {
    return this.#weak.reduce((safe, { pattern, shown }) => safe.replace(pattern, () => shown), this.inText(text));
  }

  /** A text that a server wrote: what may be a word stays. */
  inText(text: string): string {
    return this.#strong.reduce(
      (safe, { forms, pattern, shown }) =>
        forms.some((form) => safe.includes(form)) ? safe.replace(pattern, () => shown) : safe,
      text,
    );
  }

  /** Whether JSON surely holds no secret, by its text alone: nothing is escaped in it, so all of it can be seen. */
  absentFrom(json: string): boolean {
    return this.#strong.every(({ forms }) => !json.includes("\\") && !forms.some((form) => json.includes(form)));
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

const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

/** The text as it is, and escaped for JSON (once and within JSON, slashes and other alphabets too), URLs, forms and HTML. */
function plainForms(value: string): string[] {
  const json = (text: string) => JSON.stringify(text).slice(1, -1);
  const ascii = (text: string) =>
    text.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const html = value.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const whole = value.replace(/\p{Cs}/gu, "\uFFFD"); // half a pair has no code
  const url = encodeURIComponent(whole);
  const forms = [
    value,
    ...[json(value), json(value).replaceAll("/", "\\/"), json(json(value))].flatMap((text) => [text, ascii(text)]),
    url,
    url.replace(/%[\dA-F]{2}/g, (code) => code.toLowerCase()),
    url.replaceAll("%20", "+"),
    encodeURI(whole),
    ...["&quot;", "&#34;"].flatMap((quote) =>
      ["&#39;", "&#x27;", "&apos;"].map((single) => html.replaceAll('"', quote).replaceAll("'", single)),
    ),
  ];
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

/** What base64 of any text with the secret in it holds: three forms, by where it begins, in both alphabets. */
function base64Forms(value: string): string[] {
  const forms = (["utf8", "latin1"] as const).flatMap((encoding) =>
    [0, 1, 2].map((before) => {
      const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value, encoding)]);
      return bytes.toString("base64").slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6));
    }),
  );
  const both = forms.flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_")]);
  return [...new Set(both)];
}

/** What a caller's requests hold that must not get out: its key, and what its config takes from the environment. */
export function secretsOf({ variables = {} }: Pick<Caller, "variables">, key: string | null): Secrets {
  const named = Object.entries(variables).map(([name, value]) => ({ value, shown: `\${${name}}` }));
  return new Secrets([...(key === null ? [] : [{ value: key, shown: "[key]" }]), ...named]);
}
