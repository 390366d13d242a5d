import type { NamedMethod } from "./stage.ts";

/**
 * The size of the exemplar pool that the run's methods share where they name none: the one that others name (`exemplars`, or what
 * an artifact holds), so that no method of a tier chooses from more real texts than another in silence. null where no method names
 * one (the default then holds), and where two name different ones: the report says so beside the tables.
 */
export function sharedPool(methods: readonly Pick<NamedMethod, "method">[]): number | null {
  const named = new Set(methods.map(({ method }) => method.pool).filter((pool) => pool != null));
  const [size = null] = named;
  return named.size === 1 ? size : null;
}
