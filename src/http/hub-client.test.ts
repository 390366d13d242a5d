import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openHub } from "./hub-client.ts";

const caller = { model: "huggingface:m", apiKeyEnv: null };
let onRequest = () => {};
/** Answers nothing. */
const server = createServer(() => onRequest());
let url = "";
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address: AddressInfo | string | null = server.address();
  if (address !== null && typeof address === "object") url = `http://127.0.0.1:${address.port}/api/models/m`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

it("puts what the package looks up by itself under the call's signal", async () => {
  const { ask } = await openHub(caller, null);
  const stop = new AbortController();
  onRequest = () => stop.abort();
  const lookedUp = ask(stop.signal, (_client, settings) => settings.fetch?.(url) ?? Promise.reject(new Error("none")));
  await expect(lookedUp).rejects.toMatchObject({ name: "CallError", kind: "canceled" });
});

it("takes what the package cannot ask for wrong input, and what it cannot read for a failure that may pass", async () => {
  const { ask } = await openHub(caller, null);
  const both = { model: "m", endpointUrl: url, provider: "together", inputs: "a" } as const;
  const asked = ask(undefined, (client, settings) => client.featureExtraction(both, settings));
  await expect(asked).rejects.toMatchObject({ name: "InputError", message: expect.stringMatching(/^huggingface:m: /) });
  const unread = ask(undefined, () => Promise.reject(new Error("Expected ChatCompletionOutput")));
  await expect(unread).rejects.toMatchObject({ name: "CallError", kind: "malformed", retryable: true });
});
