/** One way in which a server is asked otherwise than the protocol says, because it refused a field of the request. */
export interface Adaptation {
  /** The field that the server refused. */
  readonly field: string;
  /** The field that carries its value instead; null: it is left out. */
  readonly instead: string | null;
  /** What the config has to say, since leaving the field out changes what is drawn; null where nothing changes. */
  readonly write: string | null;
}

/** How one model's server is asked otherwise, for as long as a run lasts. Whether an adaptation is allowed is the provider's to decide. */
export class Adaptations {
  /** Leave out also what changes the draws, to find all that a server refuses: for `models check`, never for a run. */
  readonly lenient: boolean;
  readonly #made = new Map<string, Adaptation>();

  constructor({ lenient = false }: { readonly lenient?: boolean } = {}) {
    this.lenient = lenient;
  }

  get made(): readonly Adaptation[] {
    return [...this.#made.values()];
  }

  add(adaptation: Adaptation): void {
    this.#made.set(adaptation.field, adaptation);
  }

  /** A sentence each, for run.json. */
  get sentences(): readonly string[] {
    return this.made.map(sentence);
  }
}

/** What an adaptation does. */
export function sentence({ field, instead }: Adaptation): string {
  return instead === null
    ? `\`${field}\` is left out: the server takes none`
    : `\`${instead}\` is sent in place of \`${field}\``;
}
