/** A text with each `${NAME}` replaced, as a config takes a value from the environment. */
export function withVariables(text: string, found: (name: string) => string): string {
  const end = text.lastIndexOf("}") + 1; // behind it nothing can be meant, and looking would take quadratic time
  return text.slice(0, end).replace(/\$\{([^}]*)\}/g, (_, name: string) => found(name)) + text.slice(end);
}

/**
 * What a value as written (with `${NAME}` in its texts) takes from the environment, by name: what a server's requests hold and no
 * file or message may. A variable that is not set is left out, and so are spaces and line breaks around a value, as around a key.
 */
export function variablesIn(
  written: unknown,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const texts = JSON.stringify(written) ?? "";
  const names = [...texts.matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g)].map(([, name = ""]) => name);
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name]?.trim();
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
