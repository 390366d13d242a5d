import { CallError } from "../core/errors.ts";
import { boundedFetch } from "./bounded-fetch.ts";
import type { Caller } from "./failures.ts";

/** Asks one route of an OpenAI-compatible server. The body and the answer are JSON; the caller checks the answer's shape. */
export type PostJson = (route: string, body: object, signal: AbortSignal | undefined) => Promise<unknown>;

/**
 * The openai package as transport: no retries of its own (there is one layer of them), bounded bodies, typed failures.
 * @param key the secret, or null for servers without one
 */
export async function openClient(baseUrl: string, key: string | null, caller: Caller): Promise<PostJson> {
  const { default: OpenAI, APIConnectionError, APIUserAbortError } = await import("openai");
  const client = new OpenAI({
    baseURL: baseUrl,
    apiKey: key ?? "none",
    maxRetries: 0,
    timeout: 2 ** 31 - 1, // the limiter times each attempt from when it is sent
    fetch: boundedFetch(caller, key),
    logLevel: "off",
    organization: null,
    project: null,
  });
  return async (route, body, signal) => {
    try {
      return await client.post(route, { body, ...(signal === undefined ? {} : { signal }) });
    } catch (error) {
      if (error instanceof APIUserAbortError)
        throw new CallError("canceled", "The call was canceled.", { cause: error });
      if (error instanceof APIConnectionError && error.cause instanceof CallError) throw error.cause;
      throw error;
    }
  };
}
