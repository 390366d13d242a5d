import { InputError } from "../core/errors.ts";
import { boundedRequest } from "./bounded-request.ts";
import type { HttpRequest } from "./exchange.ts";
import type { Caller } from "./failures.ts";

/** Asks one route of an OpenAI-compatible server. The body and the answer are JSON; the caller checks the answer's shape. */
export type PostJson = (route: string, body: object, signal: AbortSignal | undefined) => Promise<unknown>;

/**
 * Calls as the openai package makes them: it says once a route where its requests go and under which headers (authorization,
 * client, version). They then go out by themselves, since what it does around each call (retries, clocks and logs of its own,
 * all switched off here) costs more processor time than the call: bounded bodies, typed failures.
 * @param key the secret, or null for servers without one
 * @throws InputError from a call whose address or headers the package cannot make
 */
export async function openClient(baseUrl: string, key: string | null, caller: Caller): Promise<PostJson> {
  const { default: OpenAI } = await import("openai");
  const client = new OpenAI({
    baseURL: baseUrl,
    apiKey: key ?? "none",
    logLevel: "off",
    organization: null,
    project: null,
  });
  const send = boundedRequest(caller, key);
  const routes = new Map<string, Promise<Pick<HttpRequest, "url" | "headers">>>();
  const addressOf = async (route: string) => {
    try {
      const { req, url } = await client.buildRequest({ method: "post", path: route, body: {} });
      return { url: new URL(url), headers: Object.fromEntries(req.headers) };
    } catch {
      // What is thrown there quotes headers, the key among them: neither its message nor itself goes on.
      const held = caller.apiKeyEnv === null ? "" : ` with the key in ${caller.apiKeyEnv}`;
      throw new InputError(`${caller.model}: no request to ${baseUrl} can be made${held}.`);
    }
  };
  return async (route, body, signal) => {
    const known = routes.get(route) ?? addressOf(route);
    routes.set(route, known);
    const { url, headers } = await known;
    const request = { url, headers, method: "POST" as const, body: JSON.stringify(body), signal: signal ?? null };
    return (await send(request)).value;
  };
}
