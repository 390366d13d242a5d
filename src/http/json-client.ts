import { InputError } from "../core/errors.ts";
import { boundedRequest } from "./bounded-request.ts";
import type { HttpRequest } from "./exchange.ts";
import type { Caller } from "./failures.ts";
import { secretsOf } from "./secrets.ts";

/** Asks one route of an OpenAI-compatible server. The body and the answer are JSON; the caller checks the answer's shape. */
export type PostJson = (route: string, body: object, signal: AbortSignal | undefined) => Promise<unknown>;

const JSON_BODY = { accept: "application/json", "content-type": "application/json" };

/** What the package says of itself. */
const OF_THE_PACKAGE = /^(?:user-agent|x-stainless-[a-z-]+)$/;

/** Whether the package takes the header from its variable, a line each. */
function setOutside(header: string): boolean {
  const lines = process.env.OPENAI_CUSTOM_HEADERS?.split("\n") ?? [];
  return lines.some((line) => line.split(":")[0]?.trim().toLowerCase() === header);
}

/**
 * Calls as the openai package makes them: it says once a route where its requests go and under which headers (authorization,
 * client, version). They then go out by themselves, since what it does around each call (retries, clocks and logs of its own,
 * all switched off here) costs more processor time than the call: bounded bodies, typed failures. Of the headers those alone go
 * out that every request of the package has: what it takes from variables of its own (OPENAI_CUSTOM_HEADERS and others) was meant
 * for OpenAI's server, and this may be another.
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
    adminAPIKey: null,
    webhookSecret: null,
  });
  const send = boundedRequest(caller, key);
  const routes = new Map<string, Promise<Pick<HttpRequest, "url" | "headers">>>();
  const addressOf = async (route: string) => {
    try {
      const { req, url } = await client.buildRequest({ method: "post", path: route, body: {} });
      const own = [...req.headers].filter(([name]) => OF_THE_PACKAGE.test(name) && !setOutside(name));
      return {
        url: new URL(url),
        headers: { ...Object.fromEntries(own), ...JSON_BODY, authorization: `Bearer ${key ?? "none"}` },
      };
    } catch {
      // What is thrown there quotes headers, the key among them: neither its message nor itself goes on.
      const held = caller.apiKeyEnv === null ? "" : ` with the key in ${caller.apiKeyEnv}`;
      throw new InputError(
        `${caller.model}: no request to ${secretsOf(caller, key).inMessage(caller.address?.written ?? baseUrl)} can be made${held}.`,
      );
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
