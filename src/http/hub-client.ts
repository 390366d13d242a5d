import type { InferenceClient, Options } from "@huggingface/inference";
import { CallError, InputError } from "../core/errors.ts";
import { boundedFetch } from "./bounded-fetch.ts";
import type { Caller } from "./failures.ts";
import { secretsOf } from "./secrets.ts";

/** The client package of the Hugging Face hub, whose calls all end as ours do. */
export interface HubClient {
  /** What its requests go through, for routes that the package has no call for. */
  readonly fetch: typeof globalThis.fetch;
  /**
   * Makes one call of the package: under the signal with all that it asks (it looks models up at the hub as well).
   * @throws CallError; `malformed` for an answer that the package does not take. InputError for what it cannot ask
   */
  ask<T>(signal: AbortSignal | undefined, call: (client: InferenceClient, settings: Options) => Promise<T>): Promise<T>;
}

/** Opens it. @param key the secret, or null for servers without one */
export async function openHub(caller: Caller, key: string | null): Promise<HubClient> {
  const { InferenceClient, InferenceClientInputError } = await import("@huggingface/inference");
  const fetch = boundedFetch(caller, key);
  const secrets = secretsOf(caller, key);
  const client = new InferenceClient(key ?? "", { fetch, retry_on_error: false });
  return {
    fetch,
    async ask(signal, call) {
      const stopped: typeof fetch = (input, init) => fetch(input, { ...init, signal: init?.signal ?? signal ?? null });
      try {
        return await call(client, { fetch: stopped, ...(signal === undefined ? {} : { signal }) });
      } catch (error) {
        if (error instanceof CallError || signal?.aborted) throw error;
        if (error instanceof InferenceClientInputError)
          throw new InputError(secrets.inMessage(`${caller.model}: ${error.message}`));
        throw new CallError("malformed", `${caller.model}: the answer is not of the protocol's form.`, {
          retryable: true,
          cause: secrets.bare(error),
        });
      }
    },
  };
}
