import { closest, distance } from "fastest-levenshtein";
import { InputError } from "./errors.ts";
import { shortened } from "./shortened.ts";

/** Characters of a name, and names, that are compared at most: nobody misspells more, and each costs by both lengths. */
const LONGEST = 200;
const MOST_COMPARED = 1000;

/** Known names that a message lists at most. */
const MOST_LISTED = 100;

/** The known name nearest to a misspelt one, or null when none is near. */
export function nearestName(name: string, known: readonly string[]): string | null {
  if (name.length > LONGEST || known.length > MOST_COMPARED) return null;
  const candidates = known.filter((candidate) => candidate.length <= LONGEST);
  if (candidates.length === 0) return null;
  const near = closest(name, candidates);
  return distance(name, near) <= Math.max(2, Math.ceil(name.length / 3)) ? near : null;
}

/** "unknown X `nmae`; did you mean `name`? Known: a, b, c." */
export function unknownName(kind: string, name: string, known: readonly string[]): string {
  const near = nearestName(name, known);
  const hint = near === null ? "" : ` Did you mean \`${near}\`?`;
  return `Unknown ${kind} \`${shortened(name)}\`.${hint} Known: ${listed([...known].sort())}.`;
}

/** Names as a message lists them, the first hundred: "a, b, c". */
export function listed(names: readonly string[]): string {
  const more = names.length - MOST_LISTED;
  const shown = names.slice(0, MOST_LISTED).map(shortened).join(", ");
  return more > 0 ? `${shown}, and ${more} more` : shown;
}

/** Named plug-ins of one kind. Immutable; made once where the kind's parts are listed. */
export class Registry<T> {
  readonly kind: string;
  readonly #entries: ReadonlyMap<string, T>;

  constructor(kind: string, entries: Iterable<readonly [name: string, entry: T]>) {
    this.kind = kind;
    this.#entries = new Map(entries);
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
