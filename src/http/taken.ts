import { scrypt } from "node:crypto";
import { promisify } from "node:util";
import { InputError } from "../core/errors.ts";
import { canonicalJson, type JsonObject } from "../core/hash.ts";
import { variablesIn } from "../core/variables.ts";

/** What a server's options take from the environment by `${NAME}`. */
export interface Taken {
  /** Values by name, for what hides them (`Secrets`). */
  readonly variables: Readonly<Record<string, string>>;
  /** To spread over what is kept: `{ variables: HASH }`, which tells other values; nothing where nothing is taken. */
  readonly mark: { readonly variables?: string };
}

/** The same everywhere, so that caches serve all runs; a hash that is slow to make keeps what could be guessed from being tried out. */
const SALT = "mopbench variables";
const BYTES = 12;

/**
 * Reads it.
 * @param kept options as they are kept, with `${NAME}` in their texts
 * @throws InputError for a variable in an address that holds what no address can
 */
export async function takenFrom(
  kept: JsonObject,
  byName: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Taken> {
  const variables = variablesIn(
    byName.map((option) => kept[option] ?? null),
    env,
  );
  const addresses = byName.map((option) => kept[option]).filter((value) => typeof value === "string");
  for (const [name, value] of Object.entries(variablesIn(addresses, env))) {
    if (/\p{Cc}/u.test(value)) {
      throw new InputError(
        `The environment variable ${name} stands in an address and holds a line break or another control character. Set it anew.`,
      );
    }
  }
  if (Object.keys(variables).length === 0) return { variables, mark: {} };
  const hash = await promisify<string, string, number, Buffer>(scrypt)(canonicalJson(variables), SALT, BYTES);
  return { variables, mark: { variables: hash.toString("hex") } };
}
