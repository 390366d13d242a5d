import { z } from "zod";

/** Options that do nothing beside what another one says. */
export interface VoidOptions<Options extends object> {
  /** What makes them void, as a config writes it: "`artifact`", "`objective: mmd`"; null where nothing does. */
  readonly by: (options: Options) => string | null;
  readonly options: readonly (keyof Options & string)[];
}

/**
 * Refuses options that were written and do nothing, so that nobody takes them for set. `null` is no option written: it says "none".
 * @param written what a config holds
 * @param options the same, checked, with defaults
 * @throws ZodError with one issue for each, at its key
 */
export function refuseVoid<Options extends object>(
  written: unknown,
  options: Options,
  rules: readonly VoidOptions<Options>[],
): void {
  if (typeof written !== "object" || written === null) return;
  const issues = rules.flatMap((rule) => {
    const by = rule.by(options);
    const given = by === null ? [] : rule.options.filter((name) => isGiven(written, name));
    return given.map((name) => ({
      code: "custom" as const,
      path: [name],
      message: `\`${name}\` does nothing with ${by}; ${remedy(written, by, name)}.`,
      input: Reflect.get(written, name),
    }));
  });
  if (issues.length > 0) throw new z.ZodError(issues);
}

/** What to do: of an option that was not written, and holds by default or by a preset, there is nothing to leave out. */
function remedy(written: object, by: string | null, name: string): string {
  const other = /^`(\w+)/.exec(by ?? "")?.[1];
  if (other === undefined) return "leave it out";
  return isGiven(written, other)
    ? "leave one of them out"
    : `that is what holds here: set \`${other}\` otherwise, or leave \`${name}\` out`;
}

function isGiven(written: object, name: string): boolean {
  if (!Object.hasOwn(written, name)) return false;
  const value: unknown = Reflect.get(written, name);
  return value !== undefined && value !== null;
}
