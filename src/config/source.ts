import { InputError } from "../core/errors.ts";
import { shortened } from "../core/shortened.ts";
import { withVariables } from "../core/variables.ts";
import { type PlainYaml, readPlainYaml } from "./yaml-plain.ts";

/** Where a value stands in a config: keys and list positions from the top. */
export type ConfigPath = readonly (string | number)[];

/** `methods[2].mop.personas`, as people write it. */
export function pathText(path: ConfigPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    const name = shortened(part);
    return text === "" ? name : `${text}.${name}`;
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
  readonly #plain: PlainYaml;

  /**
   * Parses YAML (JSON is YAML) and expands `${NAME}` in every text by the environment, without the spaces and line breaks around a value.
   * @throws InputError as `readPlainYaml`, and for a variable that is missing or empty.
   */
  constructor(file: string, text: string, env: Readonly<Record<string, string | undefined>>) {
    this.file = file;
    this.#plain = readPlainYaml(file, text);
    this.written = this.#plain.value;
    this.value = this.#expand(this.#plain.value, [], env);
  }

  /** `file:line:column` of the value at a path, or of its nearest ancestor; `key`: of the key itself. */
  position(path: ConfigPath, at: "value" | "key" = "value"): string {
    let { offset, members } = this.#plain.place;
    for (const [i, part] of path.entries()) {
      const found = members.get(part);
      if (found === undefined) break;
      offset = at === "key" && i === path.length - 1 ? found.key : found.value.offset;
      members = found.value.members;
    }
    return `${this.file}:${this.#plain.lineAndColumn(offset)}`;
  }

  /** An InputError that starts with file, line and path. */
  error(path: ConfigPath, message: string, at: "value" | "key" = "value"): InputError {
    return new InputError(this.line(path, message, at));
  }

  /** The text of such an error. */
  line(path: ConfigPath, message: string, at: "value" | "key" = "value"): string {
    return `${this.position(path, at)}: ${path.length === 0 ? "" : `${pathText(path)}: `}${message}`;
  }

  #expand(value: unknown, path: ConfigPath, env: Readonly<Record<string, string | undefined>>): unknown {
    if (typeof value === "string") {
      return withVariables(value, (name) => {
        if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
          throw this.error(path, `\`\${${shortened(name)}}\` is not the name of an environment variable.`);
        const found = env[name]?.trim();
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
