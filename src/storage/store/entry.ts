import { hash } from "node:crypto";
import { sha256 } from "../../core/hash.ts";

/** Bytes of an entry's checksum. */
const SUM_BYTES = 16;

/**
 * How a store's entries are written: the key is a hash of the name, and before the value stands a checksum over the store's
 * scope, the key and the value. What was kept under another name or in another store fits as little as what was changed.
 */
export class Entries {
  readonly #scope: Buffer;

  /** @param scope names what the store holds; another scope's entries do not fit */
  constructor(scope: string) {
    this.#scope = digest(scope);
  }

  /** The key of a name: any text, lone surrogates included. */
  key(name: string): Buffer {
    return digest(name);
  }

  seal(key: Uint8Array, value: Uint8Array): Buffer {
    return Buffer.concat([this.#sum(key, value), value]);
  }

  /** The value of an entry as `seal` gave it; null where it does not fit its checksum. */
  open(key: Uint8Array, sealed: Buffer): Buffer | null {
    const value = sealed.subarray(SUM_BYTES);
    return this.#sum(key, value).equals(sealed.subarray(0, SUM_BYTES)) ? value : null;
  }

  #sum(key: Uint8Array, value: Uint8Array): Buffer {
    return hash("sha256", Buffer.concat([this.#scope, key, value]), "buffer").subarray(0, SUM_BYTES);
  }
}

function digest(text: string): Buffer {
  return Buffer.from(sha256(text), "hex");
}
