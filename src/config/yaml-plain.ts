import { isAlias, isCollection, isMap, isNode, isScalar, type Node, type Scalar } from "yaml";
import { shortened } from "../core/shortened.ts";
import { MOST_LEVELS, parseYaml, type YamlDocument } from "./yaml-document.ts";

/** Values that aliases may stand for in all: enough to share settings between models, too few for a bomb. */
const MOST_ALIASED = 10_000;

/** Where a value of a config begins, and where its members do. Offsets are in UTF-16 units from the text's begin. */
export interface Place {
  readonly offset: number;
  readonly members: ReadonlyMap<string | number, { readonly key: number; readonly value: Place }>;
}

/** A config as a plain value: texts, finite numbers, booleans, null, lists, mappings with text keys. */
export interface PlainYaml {
  readonly value: unknown;
  readonly place: Place;
  lineAndColumn(offset: number): string;
}

/** What a node became. */
interface Made {
  readonly value: unknown;
  readonly place: Place;
  /** Values in it, itself counted, and how deep they lie. */
  readonly size: number;
  readonly levels: number;
}

/**
 * Reads YAML as what JSON can hold, so that nothing behind it meets a date, a set or a circle.
 * @throws InputError with file, line and column: as `parseYaml`, and for a tag, an alias of nothing or of what it stands in, aliases
 * that stand for too much, a key that stands twice or is `__proto__` or `<<`, and texts that hold NUL or half a character
 */
export function readPlainYaml(file: string, text: string): PlainYaml {
  const parsed = parseYaml(file, text);
  const { value, place } = new PlainMaker(parsed).make(parsed.document.contents, 0);
  return { value, place, lineAndColumn: parsed.lineAndColumn };
}

const CORE_TAGS = new Set(["!", ...["str", "int", "float", "bool", "null", "map", "seq"].map(coreTag)]);

function coreTag(name: string): string {
  return `tag:yaml.org,2002:${name}`;
}

class PlainMaker {
  readonly #in: YamlDocument;
  /** What each anchor stood for last; null while it is being made. */
  readonly #anchors = new Map<string, Made | null>();
  #aliased = 0;

  constructor(document: YamlDocument) {
    this.#in = document;
  }

  /** @param level lists and mappings around it */
  make(node: unknown, level: number): Made {
    if (!isNode(node)) return leaf(null, 0);
    const offset = node.range?.[0] ?? 0;
    if (isAlias(node)) return this.#aliasOf(node.source, offset, level);
    const tag = node.tag;
    if (tag !== undefined && !CORE_TAGS.has(tag))
      throw this.#in.refuse(
        offset,
        `the tag \`${shortened(tag.replace(coreTag(""), "!!"))}\` is not read here; leave it out.`,
      );
    const { anchor } = node;
    if (anchor !== undefined) this.#anchors.set(anchor, null);
    const made = this.#plain(node, offset, level);
    if (anchor !== undefined) this.#anchors.set(anchor, made);
    return made;
  }

  #aliasOf(name: string, offset: number, level: number): Made {
    const made = this.#anchors.get(name);
    if (made === undefined)
      throw this.#in.refuse(offset, `\`*${shortened(name)}\` stands for nothing: no anchor of that name is before it.`);
    if (made === null) throw this.#in.refuse(offset, `\`*${shortened(name)}\` stands for what it is a part of.`);
    if (level + made.levels > MOST_LEVELS)
      throw this.#in.refuse(offset, `more than ${MOST_LEVELS} lists and mappings within one another.`);
    this.#aliased += made.size;
    if (this.#aliased > MOST_ALIASED)
      throw this.#in.refuse(offset, `aliases stand for more than ${MOST_ALIASED} values; write fewer of them.`);
    return { ...made, place: { ...made.place, offset } };
  }

  #plain(node: Node, offset: number, level: number): Made {
    if (isScalar(node)) return leaf(this.#scalar(node, offset), offset);
    if (!isCollection(node)) throw this.#in.refuse(offset, "neither a value nor a list nor a mapping.");
    if (level >= MOST_LEVELS)
      throw this.#in.refuse(offset, `more than ${MOST_LEVELS} lists and mappings within one another.`);
    const members = new Map<string | number, { key: number; value: Place }>();
    const parts: Made[] = [];
    const keep = (name: string | number, key: number, part: Made) => {
      members.set(name, { key, value: part.place });
      parts.push(part);
    };
    if (isMap(node))
      for (const { key, value } of node.items) {
        const [name, at] = this.#key(key, members, offset);
        const made = this.make(value, level + 1);
        keep(name, at, isNode(value) ? made : { ...made, place: { ...made.place, offset: at } });
      }
    else
      for (const [i, item] of node.items.entries()) {
        const made = this.make(item, level + 1);
        keep(i, made.place.offset, made);
      }
    const values = parts.map((part) => part.value);
    return {
      value: isMap(node) ? Object.fromEntries([...members.keys()].map((key, i) => [key, values[i]])) : values,
      place: { offset, members },
      size: parts.reduce((sum, { size }) => sum + size, 1),
      levels: parts.reduce((most, { levels }) => Math.max(most, levels), 0) + 1,
    };
  }

  #key(
    node: unknown,
    members: ReadonlyMap<string | number, { readonly key: number }>,
    holder: number,
  ): [string, number] {
    const offset = (isNode(node) ? node.range?.[0] : undefined) ?? holder;
    const name = this.make(node, 0).value;
    if (typeof name !== "string" || name === "") throw this.#in.refuse(offset, "a key is a text that is not empty.");
    if (name === "__proto__") throw this.#in.refuse(offset, "`__proto__` cannot be a key; rename it.");
    if (name === "<<")
      throw this.#in.refuse(offset, "`<<` merges nothing here: write the keys out, or use `*name` as a value.");
    const before = members.get(name);
    if (before !== undefined)
      throw this.#in.refuse(
        offset,
        `the key \`${shortened(name)}\` stands twice; it is at ${this.#in.lineAndColumn(before.key)} already.`,
      );
    return [name, offset];
  }

  #scalar({ value }: Scalar, offset: number): unknown {
    if (value === null || typeof value === "boolean") return value;
    if (typeof value === "number") {
      if (!Number.isFinite(value)) throw this.#in.refuse(offset, "a number that is not finite.");
      return value === 0 ? 0 : value; // -0 is no other number to whoever writes it
    }
    if (typeof value !== "string") throw this.#in.refuse(offset, "neither a text nor a number.");
    if (/\0|\p{Surrogate}/u.test(value)) throw this.#in.refuse(offset, "a text that holds NUL, or half a character.");
    return value;
  }
}

function leaf(value: unknown, offset: number): Made {
  return { value, place: { offset, members: new Map() }, size: 1, levels: 0 };
}
