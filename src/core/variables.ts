/** `${NAME}`, as a config takes a value from the environment. */
const VARIABLE = /\$\{([^}]*)\}/g;

/** A text with each `${NAME}` replaced. */
export function withVariables(text: string, found: (name: string) => string): string {
  return text.replace(VARIABLE, (_, name: string) => found(name));
}

/**
 * What a value as written (with `${NAME}` in its texts) takes from the environment, by name: what a server's requests hold and no
 * file or message may. A variable that is not set is left out.
 */
export function variablesIn(
  written: unknown,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const texts = JSON.stringify(written) ?? "";
  const names = [...texts.matchAll(VARIABLE)].map(([, name = ""]) => name);
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
