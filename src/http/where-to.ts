/** Where a server is, by its config. */
export interface Address {
  /** As it is asked, with what the environment's variables hold. */
  readonly asked: string;
  /** As it is written, with `${NAME}`. */
  readonly written: string;
}

/**
 * An address as messages show it: neither credentials nor query, and what the config has written as the config has it, since a URL
 * shows what a variable holds in ways of its own (in lower case, with escapes, without `\\`).
 */
export function whereTo(url: URL, address?: Address | null): string {
  const shown = url.origin + url.pathname;
  if (address == null || address.asked === address.written || !URL.canParse(address.asked)) return shown;
  const root = bare(whereTo(new URL(address.asked)));
  return shown === root || shown.startsWith(`${root}/`) ? bare(address.written) + shown.slice(root.length) : shown;
}

/** The address of an option and of what is kept of it; null where either is none. */
export function addressOf(asked: string | undefined, written: unknown): Address | null {
  return asked !== undefined && typeof written === "string" ? { asked, written } : null;
}

function bare(address: string): string {
  return address.endsWith("/") ? address.slice(0, -1) : address;
}
