import { InputError } from "../core/errors.ts";
import { whyNotSearched } from "./secrets.ts";

/** What reading a key uses of an environment. */
export interface KeyEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly replay?: boolean | undefined;
  /** Is told of a key that answers are not searched for. */
  readonly warn?: ((message: string) => void) | undefined;
}

/**
 * The secret a config names. It is read here and handed to the client package, and nowhere else.
 * Spaces and line breaks around it are left out.
 * @throws InputError, which never shows the key, when the variable is missing or empty, or what it holds cannot be sent
 */
export function readKey(id: string, apiKeyEnv: string | null, { env, replay, warn }: KeyEnvironment): string | null {
  if (apiKeyEnv === null || replay === true) return null;
  const key = env[apiKeyEnv]?.trim();
  if (key === undefined || key === "") {
    throw new InputError(`\`${id}\` needs a key: set the environment variable ${apiKeyEnv} (it is missing or empty).`);
  }
  const wrong = whyNoHeader(key);
  if (wrong !== null) {
    throw new InputError(`\`${id}\`: the environment variable ${apiKeyEnv} holds no key: ${wrong}. Set it anew.`);
  }
  const why = whyNotSearched(key);
  if (why !== null)
    warn?.(
      `\`${id}\`: answers are not searched for the key in ${apiKeyEnv}, since ${why}; what a server repeats of it is kept.`,
    );
  return key;
}

/** Why a key cannot stand in an HTTP header; null where it can. */
function whyNoHeader(key: string): string | null {
  if (/[\r\n]/.test(key)) return "there is a line break in it";
  if (/\p{Cc}/u.test(key)) return "there is a control character in it";
  return /[^\0-\xff]/.test(key) ? "there is a character in it that no HTTP header can hold (above U+00FF)" : null;
}
