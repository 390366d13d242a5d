import { type Document, isMap, isNode, isPair, isScalar, LineCounter, type Node, parseDocument } from "yaml";
import { InputError } from "../core/errors.ts";
import { withVariables } from "../core/variables.ts";

/** Where a value stands in a config: keys and list positions from the top. */
export type ConfigPath = readonly (string | number)[];

/** `methods[2].mop.personas`, as people write it. */
export function pathText(path: ConfigPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}

/** A parsed config file that can tell the line of every value. */
export class ConfigSource {
  /** The name errors show. */
  readonly file: string;
  /** The plain value, environment variables expanded. */
  readonly value: unknown;
  /** The plain value as it was written, with `${NAME}` in its texts. */
  readonly written: unknown;
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;

  /**
   * Parses YAML (JSON is YAML) and expands `${NAME}` in every text by the environment.
   * @throws InputError for text that is not YAML, for duplicate keys and for a variable that is missing or empty.
   */
  constructor(file: string, text: string, env: Readonly<Record<string, string | undefined>>) {
    this.file = file;
    this.#lines = new LineCounter();
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, stringKeys: true });
    const broken = this.#document.errors[0];
    if (broken !== undefined) {
      const { line, col } = this.#lines.linePos(broken.pos[0]);
      throw new InputError(`${file}:${line}:${col}: not valid YAML: ${broken.message}`);
    }
    const plain: unknown = this.#document.toJS();
    this.written = plain;
    this.value = this.#expand(plain, [], env);
  }

  /** `file:line:column` of the value at a path, or of its nearest ancestor; `key`: of the key itself. */
  position(path: ConfigPath, at: "value" | "key" = "value"): string {
    const offset = this.#offset(path, at);
    if (offset === null) return this.file;
    const { line, col } = this.#lines.linePos(offset);
    return `${this.file}:${line}:${col}`;
  }

  /** An InputError that starts with file, line and path. */
  error(path: ConfigPath, message: string, at: "value" | "key" = "value"): InputError {
    return new InputError(this.line(path, message, at));
  }

  /** The text of such an error. */
  line(path: ConfigPath, message: string, at: "value" | "key" = "value"): string {
    return `${this.position(path, at)}: ${path.length === 0 ? "" : `${pathText(path)}: `}${message}`;
  }

  #offset(path: ConfigPath, at: "value" | "key"): number | null {
    for (let length = path.length; length >= 0; length--) {
      const parent = path.slice(0, length - 1);
      const key = path[length - 1];
      if (at === "key" && length === path.length && key !== undefined) {
        const holder = this.#node(parent);
        const pair = isMap(holder)
          ? holder.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key)
          : undefined;
        if (pair !== undefined && isNode(pair.key) && pair.key.range) return pair.key.range[0];
      }
      const node = this.#node(path.slice(0, length));
      if (node?.range) return node.range[0];
    }
    return null;
  }

  #node(path: ConfigPath): Node | null {
    const node: unknown = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true);
    return isNode(node) ? node : null;
  }

  #expand(value: unknown, path: ConfigPath, env: Readonly<Record<string, string | undefined>>): unknown {
    if (typeof value === "string") {
      return withVariables(value, (name) => {
        if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
          throw this.error(path, `\`\${${name}}\` is not the name of an environment variable.`);
        const found = env[name];
        if (found === undefined || found === "") {
          const state = found === undefined ? "not set" : "empty";
          throw this.error(path, `the environment variable ${name} is ${state}. Set it: export ${name}=...`);
        }
        return found;
      });
    }
    if (Array.isArray(value)) return value.map((item, i) => this.#expand(item, [...path, i], env));
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, this.#expand(item, [...path, key], env)]),
      );
    return value;
  }
}
