import { InputError } from "../core/errors.ts";
import { unknownName } from "../core/registry.ts";

/** What `--only` keeps: ids per kind; a kind that is absent keeps all. */
export interface Only {
  readonly dataset?: readonly string[];
  readonly model?: readonly string[];
  readonly method?: readonly string[];
}

const KINDS = ["dataset", "model", "method"] as const;

/**
 * Reads `method=mop,model=x`; a kind named twice keeps both ids.
 * @throws InputError for anything else, with the nearest kind.
 */
export function parseOnly(text: string): Only {
  const kept: { [kind in (typeof KINDS)[number]]?: string[] } = {};
  for (const part of text.split(",")) {
    const equals = part.indexOf("=");
    const name = part.slice(0, Math.max(equals, 0)).trim();
    const id = part.slice(equals + 1).trim();
    if (equals < 0 || id === "")
      throw new InputError(`--only: found \`${part}\`; allowed: KIND=ID, for example method=mop,model=embedded:small.`);
    const kind = KINDS.find((known) => known === name);
    if (kind === undefined) throw new InputError(`--only: ${unknownName("kind", name, KINDS)}`);
    kept[kind] = [...(kept[kind] ?? []), id];
  }
  return kept;
}
