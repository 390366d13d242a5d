import type { Stream } from "../../core/stream.ts";
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

/**
 * A generative grammar. A template is plain text with
 * - `{name}`: an entry of the list `name`, expanded in turn, the first scope that has the list deciding; `{Name}`: the same
 *   with a capital;
 * - `[a|b|]`: one of the options, the empty one allowed, nested as deep as one likes;
 * - `{was}`, `{is}`, `{has}`, `{does}`, `{it}`, `{them}`, `{its}`, `{s}`: agreement with the noun drawn last. An entry that
 *   ends in `*` is a plural noun.
 * Parsed templates are kept, so a grammar is quick after its first hundred texts.
 */
export class Grammar {
  readonly #parsed = new Map<string, readonly Node[]>();

  /** Starts a text: entries drawn within it are not drawn again while others are left. */
  begin(scopes: readonly Lexicon[], random: Stream): Expansion {
    return new Expansion(scopes, random, (template) => this.#parse(template));
  }

  #parse(template: string): readonly Node[] {
    const known = this.#parsed.get(template);
    if (known !== undefined) return known;
    const nodes = parseTemplate(template);
    this.#parsed.set(template, nodes);
    return nodes;
  }
}

/** One text under way: its scopes, its stream and what it has used. */
export class Expansion {
  readonly #scopes: readonly Lexicon[];
  readonly #random: Stream;
  readonly #parse: (template: string) => readonly Node[];
  readonly #used = new Set<string>();
  #plural = false;

  constructor(scopes: readonly Lexicon[], random: Stream, parse: (template: string) => readonly Node[]) {
    this.#scopes = scopes;
    this.#random = random;
    this.#parse = parse;
  }

  has(name: string): boolean {
    return this.#scopes.some((scope) => scope[name] !== undefined);
  }

  /** Expands an entry of the list `name`. @throws RangeError when no scope has it. */
  symbol(name: string): string {
    const list = this.#scopes.find((scope) => scope[name] !== undefined)?.[name];
    if (list === undefined || list.length === 0) throw new RangeError(`The grammar has no list \`${name}\`.`);
    return this.entry(list);
  }

  /** Expands an entry of a list. */
  entry(list: readonly string[]): string {
    let entry = this.#random.pick(list);
    for (let tries = 1; tries < FRESH_TRIES && this.#used.has(entry); tries++) entry = this.#random.pick(list);
    this.#used.add(entry);
    const plural = entry.endsWith("*");
    const text = this.#nodes(this.#parse(plural ? entry.slice(0, -1) : entry));
    if (plural) this.#plural = true;
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
    if (NOUNS.has(list)) this.#plural = false;
    const text = this.symbol(list);
    return list === name ? text : text.charAt(0).toUpperCase() + text.slice(1);
  }
}

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
