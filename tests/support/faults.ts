import { setTimeout as sleep } from "node:timers/promises";
import { Stream } from "../../src/core/stream.ts";
import { type Intercept, sendJson } from "./completions-server.ts";

/** What can go wrong with one call. */
export const FAULTS = [
  "429",
  "429-retry-after",
  "500",
  "503",
  "cut",
  "silent",
  "slow",
  "html",
  "truncated",
  "no-choices",
  "refusal",
  "length",
] as const;

export type Fault = (typeof FAULTS)[number];

/**
 * A share of the calls fails, each in a way drawn by the seed, what was asked and how often it was asked before: the order in
 * which calls arrive changes nothing. `counts` says how often each did.
 */
export function faults(
  share: number,
  options: {
    readonly seed?: number;
    readonly slowMs?: number;
    readonly kinds?: readonly Fault[];
    /** Called for each call that will never be answered. */
    readonly onSilent?: () => void;
  } = {},
): { readonly intercept: Intercept; readonly counts: Map<Fault, number> } {
  const root = Stream.root(options.seed ?? 1).derive("faults");
  const asked = new Map<string, number>();
  const counts = new Map<Fault, number>();
  const intercept: Intercept = async (_request, body, response) => {
    const before = asked.get(body) ?? 0;
    asked.set(body, before + 1);
    const random = root.derive(body, before);
    if (random.next() >= share) return false;
    const fault = random.pick(options.kinds ?? FAULTS);
    counts.set(fault, (counts.get(fault) ?? 0) + 1);
    const choice = (message: object, finish_reason: string) => ({ choices: [{ index: 0, message, finish_reason }] });
    switch (fault) {
      case "429":
        sendJson(response, 429, { error: { message: "too many requests", type: "rate_limit" } });
        break;
      case "429-retry-after":
        response.setHeader("retry-after", "1");
        sendJson(response, 429, { error: { message: "too many requests", type: "rate_limit" } });
        break;
      case "500":
        sendJson(response, 500, { error: { message: "internal error" } });
        break;
      case "503":
        response.writeHead(503).end("overloaded");
        break;
      case "cut":
        response.writeHead(200, { "content-type": "application/json", "content-length": "4096" });
        response.write('{"choices": [{"index": 0, "mess');
        await sleep(5);
        response.destroy();
        break;
      case "silent":
        options.onSilent?.();
        break; // never answered
      case "slow":
        await sleep(options.slowMs ?? 20_000);
        return false;
      case "html":
        response.writeHead(200, { "content-type": "text/html" }).end("<html><body>gateway</body></html>");
        break;
      case "truncated":
        response.writeHead(200, { "content-type": "application/json" }).end('{"choices": [{"index": 0, "mess');
        break;
      case "no-choices":
        sendJson(response, 200, { choices: [] });
        break;
      case "refusal":
        sendJson(
          response,
          200,
          choice({ role: "assistant", content: null, refusal: "I cannot help with that." }, "stop"),
        );
        break;
      case "length":
        sendJson(response, 200, choice({ role: "assistant", content: "An answer that was cut" }, "length"));
        break;
    }
    return true;
  };
  return { intercept, counts };
}
