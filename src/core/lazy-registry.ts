import { InputError } from "./errors.ts";
import { Registry, unknownName } from "./registry.ts";

/** A name and how to get what it stands for: a run that names three methods loads three files of methods. */
export interface Lazy<T> {
  readonly id: string;
  load(): Promise<T>;
}

/** Something that is there already, as a lazy entry. */
export function eager<T>(id: string, thing: T): Lazy<T> {
  return { id, load: async () => thing };
}

/** Named things of one kind, each loaded when it is first asked for. Immutable. */
export class LazyRegistry<T> {
  /** What errors call one of them: "method", "model provider". */
  readonly kind: string;
  readonly #entries: ReadonlyMap<string, Lazy<T>>;
  readonly #loaded = new Map<string, Promise<T>>();

  /** @throws InputError for two entries of one name */
  constructor(kind: string, entries: readonly Lazy<T>[]) {
    this.kind = kind;
    const known = new Map<string, Lazy<T>>();
    for (const entry of entries) {
      if (known.has(entry.id)) throw new InputError(`The ${kind} \`${entry.id}\` is registered twice.`);
      known.set(entry.id, entry);
    }
    this.#entries = known;
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** @throws InputError naming what exists and what was nearly meant; what loading throws. */
  async load(name: string): Promise<T> {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new InputError(unknownName(this.kind, name, this.names));
    const loading = this.#loaded.get(name) ?? entry.load();
    this.#loaded.set(name, loading);
    return loading;
  }

  /** All of them, or those named, as a registry that is asked without waiting. */
  async loaded(names: readonly string[] = this.names): Promise<Registry<T>> {
    const things = await Promise.all(names.map(async (name) => [name, await this.load(name)] as const));
    return new Registry(this.kind, things);
  }
}
