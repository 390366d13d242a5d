import { InputError } from "../../core/errors.ts";
import type { ModelEnvironment } from "../model.ts";

/**
 * The secret a config names. It is read here and handed to the client package, and nowhere else.
 * @throws InputError when the variable is missing or empty.
 */
export function readKey(
  model: string,
  apiKeyEnv: string | null,
  { env, replay }: Pick<ModelEnvironment, "env" | "replay">,
): string | null {
  if (apiKeyEnv === null || replay === true) return null;
  const key = env[apiKeyEnv];
  if (key === undefined || key.trim() === "") {
    throw new InputError(
      `Model \`${model}\` needs a key: set the environment variable ${apiKeyEnv} (it is missing or empty).`,
    );
  }
  return key;
}
