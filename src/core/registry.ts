import { closest, distance } from "fastest-levenshtein";
import { InputError } from "./errors.ts";

/** The known name nearest to a misspelt one, or null when none is near. */
export function nearestName(name: string, known: readonly string[]): string | null {
  if (known.length === 0) return null;
  const near = closest(name, known);
  return distance(name, near) <= Math.max(2, Math.ceil(name.length / 3)) ? near : null;
}

/** "unknown X `nmae`; did you mean `name`? Known: a, b, c." */
export function unknownName(kind: string, name: string, known: readonly string[]): string {
  const near = nearestName(name, known);
  const hint = near === null ? "" : ` Did you mean \`${near}\`?`;
  return `Unknown ${kind} \`${name}\`.${hint} Known: ${[...known].sort().join(", ")}.`;
}

/** Named plug-ins of one kind. Immutable; made once where the kind's parts are listed. */
export class Registry<T> {
  readonly kind: string;
  readonly #entries: ReadonlyMap<string, T>;

  constructor(kind: string, entries: Readonly<Record<string, T>>) {
    this.kind = kind;
    this.#entries = new Map(Object.entries(entries));
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** @throws InputError naming what exists and what was nearly meant. */
  get(name: string): T {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new InputError(unknownName(this.kind, name, this.names));
    return entry;
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }
}
