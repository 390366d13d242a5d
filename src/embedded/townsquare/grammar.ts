import type { Stream } from "../ports.ts";
import type { Lexicon } from "./lexicon.ts";

/** A parsed template: what stands in it, in order. */
type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "symbol"; readonly name: string }
  | { readonly kind: "choice"; readonly options: readonly (readonly Node[])[] };

/** Words that agree with the noun drawn last: [singular, plural]. */
const AGREEING: Readonly<Record<string, readonly [string, string]>> = {
  was: ["was", "were"],
  is: ["is", "are"],
  has: ["has", "have"],
  does: ["does", "do"],
  it: ["it", "they"],
  them: ["it", "them"],
  its: ["its", "their"],
  s: ["s", ""],
};

/** How often a draw is repeated when it falls on an entry this text has used already. */
const FRESH_TRIES = 6;
/** How often an adjective is drawn again when it is of another sort than its noun. */
const SORT_TRIES = 12;

/** What a list's entry says: its template, and the marks behind it. */
interface Entry {
  readonly nodes: readonly Node[];
  readonly plural: boolean;
  readonly sort: string | null;
}

/**
 * A generative grammar. A template is plain text with
 * - `{name}`: an entry of the list `name`, expanded in turn, the first scope that has the list deciding; `{Name}`: the same
 *   with a capital;
 * - `[a|b|]`: one of the options, the empty one allowed, nested as deep as one likes;
 * - `{was}`, `{is}`, `{has}`, `{does}`, `{it}`, `{them}`, `{its}`, `{s}`: agreement with the noun drawn last.
 *
 * Marks at an entry's end: `*` is a plural noun; `@sort` on a noun says what sort of thing it is, on an adjective that it goes
 * with nouns of that sort alone (an unmarked adjective goes with all).
 * Parsed entries are kept, so a grammar is quick after its first hundred texts.
 */
export class Grammar {
  readonly #entries = new Map<string, Entry>();

  /** Starts a text: entries drawn within it are not drawn again while others are left. */
  begin(scopes: readonly Lexicon[], random: Stream): Expansion {
    return new Expansion(scopes, random, (text) => this.#entry(text));
  }

  #entry(text: string): Entry {
    const known = this.#entries.get(text);
    if (known !== undefined) return known;
    const [, template = "", plural, sort = null] = /^(.*?)(\*)?(?:@(\w+))?$/.exec(text) ?? [];
    const entry = { nodes: parseTemplate(template), plural: plural !== undefined, sort };
    this.#entries.set(text, entry);
    return entry;
  }
}

/** One text under way: its scopes, its stream and what it has used. */
export class Expansion {
  readonly #scopes: readonly Lexicon[];
  readonly #random: Stream;
  readonly #entry: (text: string) => Entry;
  readonly #used = new Set<string>();
  readonly #fixed = new Map<string, string>();
  #plural = false;
  #sort: string | null = null;

  constructor(scopes: readonly Lexicon[], random: Stream, entry: (text: string) => Entry) {
    this.#scopes = scopes;
    this.#random = random;
    this.#entry = entry;
  }

  /** Expands an entry of the list as a sentence: nothing said before it is what its adjectives are about. */
  sentence(list: readonly string[]): string {
    this.#sort = null;
    return this.#nodes(this.#entry(this.#fresh(list)).nodes);
  }

  #fresh(list: readonly string[]): string {
    let text = this.#random.pick(list);
    for (let tries = 1; tries < FRESH_TRIES && this.#used.has(text); tries++) text = this.#random.pick(list);
    this.#used.add(text);
    return text;
  }

  #nodes(nodes: readonly Node[]): string {
    let text = "";
    for (const node of nodes) {
      if (node.kind === "text") text += node.text;
      else if (node.kind === "choice") text += this.#nodes(this.#random.pick(node.options));
      else text += this.#slot(node.name);
    }
    return text;
  }

  #slot(name: string): string {
    const forms = AGREEING[name];
    if (forms !== undefined) return forms[this.#plural ? 1 : 0];
    const list = name.charAt(0).toLowerCase() + name.slice(1);
    const text = FIXED.has(list) ? this.#once(list) : this.#symbol(list);
    return list === name ? text : text.charAt(0).toUpperCase() + text.slice(1);
  }

  #once(name: string): string {
    const text = this.#fixed.get(name) ?? this.#symbol(name);
    this.#fixed.set(name, text);
    return text;
  }

  #symbol(name: string): string {
    const list = this.#list(name);
    if (ADJECTIVES.has(name)) return this.#nodes(this.#entry(this.#fitting(list)).nodes);
    const { nodes, plural, sort } = this.#entry(this.#fresh(list));
    const text = this.#nodes(nodes);
    if (NOUNS.has(name)) {
      this.#plural = plural;
      this.#sort = sort;
    }
    return text;
  }

  #fitting(list: readonly string[]): string {
    let text = this.#fresh(list);
    for (let tries = 1; tries < SORT_TRIES; tries++) {
      const { sort } = this.#entry(text);
      if (sort === null || sort === this.#sort) break;
      text = this.#fresh(list);
    }
    return text;
  }

  #list(name: string): readonly string[] {
    const list = this.#scopes.find((scope) => scope[name] !== undefined)?.[name];
    if (list === undefined || list.length === 0) throw new RangeError(`The grammar has no list \`${name}\`.`);
    return list;
  }
}

/** Lists drawn once a text: a note is about one place. */
const FIXED: ReadonlySet<string> = new Set(["here"]);
/** The lists whose entries must suit the noun drawn last. */
const ADJECTIVES: ReadonlySet<string> = new Set(["pos", "neg", "apos", "aneg", "gpos", "gneg"]);
/** The lists whose entries are nouns that later words agree with. */
const NOUNS: ReadonlySet<string> = new Set(["asp", "item", "lack"]);

/** @throws SyntaxError for a bracket that is not closed or not opened. */
export function parseTemplate(template: string): readonly Node[] {
  let at = 0;
  const sequence = (inside: boolean): Node[] => {
    const nodes: Node[] = [];
    while (at < template.length) {
      const char = template[at]!;
      if (char === "{") nodes.push(slot());
      else if (char === "[") nodes.push(choice());
      else if (char === "]" || char === "|") {
        if (inside) return nodes;
        throw new SyntaxError(`\`${char}\` outside brackets in template: ${template}`);
      } else nodes.push(plain());
    }
    if (inside) throw new SyntaxError(`A bracket is not closed in template: ${template}`);
    return nodes;
  };
  const plain = (): Node => {
    const start = at;
    while (at < template.length && !"{[]|".includes(template[at]!)) at += 1;
    return { kind: "text", text: template.slice(start, at) };
  };
  const slot = (): Node => {
    const end = template.indexOf("}", at);
    if (end < 0) throw new SyntaxError(`A brace is not closed in template: ${template}`);
    const name = template.slice(at + 1, end);
    at = end + 1;
    return { kind: "symbol", name };
  };
  const choice = (): Node => {
    const options: Node[][] = [];
    do {
      at += 1;
      options.push(sequence(true));
    } while (template[at] === "|");
    at += 1;
    return { kind: "choice", options };
  };
  return sequence(false);
}
