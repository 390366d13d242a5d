import { InputError } from "../core/errors.ts";

/**
 * The secret a config names. It is read here and handed to the client package, and nowhere else.
 * @throws InputError when the variable is missing or empty.
 */
export function readKey(
  id: string,
  apiKeyEnv: string | null,
  {
    env,
    replay,
  }: { readonly env: Readonly<Record<string, string | undefined>>; readonly replay?: boolean | undefined },
): string | null {
  if (apiKeyEnv === null || replay === true) return null;
  const key = env[apiKeyEnv];
  if (key === undefined || key.trim() === "") {
    throw new InputError(`\`${id}\` needs a key: set the environment variable ${apiKeyEnv} (it is missing or empty).`);
  }
  return key;
}
