import { describe, expect, it } from "vitest";
import { CallError } from "../../core/errors.ts";
import type { JsonObject } from "../../core/hash.ts";
import { Adaptations } from "../adaptations.ts";
import { Dialect } from "./dialect.ts";

const decoding = { temperature: 1, topP: 1, maxTokens: 20 };

/** A dialect that faces a server that refuses as told, what it was sent, and what it learned. */
function facing(refuse: (fields: JsonObject) => CallError | null, renames = true) {
  const sent: JsonObject[] = [];
  const adaptations = new Adaptations();
  const dialect = new Dialect({ limit: "max_tokens", renames, extra: { top_k: 40 }, adaptations });
  const ask = (temperature = 1) =>
    dialect.ask({ decoding: { ...decoding, temperature }, seed: 7, stop: [] }, async (fields) => {
      sent.push(fields);
      const refusal = refuse(fields);
      if (refusal !== null) throw refusal;
      return "answer";
    });
  return { ask, sent, adaptations };
}

const refusal = (message: string, code: string | null = null, param: string | null = null) =>
  new CallError("bad-request", message, { code, param });

describe("Dialect", () => {
  it("sends the protocol's fields and the config's own to a server that refuses none", async () => {
    const { ask, sent, adaptations } = facing(() => null);
    expect(await ask(0.5)).toBe("answer");
    expect(sent).toEqual([{ top_k: 40, temperature: 0.5, top_p: 1, seed: 7, max_tokens: 20 }]);
    expect(adaptations.made).toEqual([]);
  });

  it("leaves a temperature out only at 1: another value is asked for, and its refusal stops the run", async () => {
    const { ask, sent } = facing((fields) =>
      "temperature" in fields ? refusal("no", "unsupported_parameter", "temperature") : null,
    );
    expect(await ask()).toBe("answer");
    expect(await ask()).toBe("answer");
    expect(sent.map((fields) => "temperature" in fields)).toEqual([true, false, false]);
    await expect(ask(0.6)).rejects.toMatchObject({
      name: "InputError",
      message: expect.stringContaining("temperature: 1"),
    });
  });

  it("does not leave out a 1 that is refused as a value: the server's own is another one", async () => {
    const { ask } = facing((fields) =>
      "temperature" in fields ? refusal("0.6 is the only value", "unsupported_value", "temperature") : null,
    );
    await expect(ask()).rejects.toMatchObject({
      name: "InputError",
      message: expect.stringContaining("decoding.temperature"),
    });
  });

  it("leaves out the one of two fields that is not wanted together with the other", async () => {
    const { ask, sent } = facing((fields) =>
      "top_p" in fields ? refusal("`temperature` and `top_p` cannot both be specified for this model.") : null,
    );
    expect(await ask(0.6)).toBe("answer");
    expect(sent.at(-1)).toEqual({ top_k: 40, temperature: 0.6, seed: 7, max_tokens: 20 });
  });

  it("renames the bound where the server speaks of the other name, and gives up where it takes neither", async () => {
    const neither = refusal("max_tokens is not supported, use max_completion_tokens");
    const { ask, sent, adaptations } = facing(() => neither);
    await expect(ask()).rejects.toBe(neither);
    expect(sent.map((fields) => Object.keys(fields).at(-1))).toEqual(["max_tokens", "max_completion_tokens"]);
    expect(adaptations.made).toEqual([]);
  });

  it.each([
    ["a bound too large for one prompt", refusal("max_tokens must be at most 12 for this prompt")],
    ["a bound without another name", refusal("max_tokens is not supported")],
    ["another field", refusal("too long", "context_length_exceeded", "messages")],
    ["words that only look like a field", refusal("The temperature of the prompt is not supported")],
    ["a server that is busy", new CallError("server", "'temperature' is not supported", { retryable: true })],
  ])("lets the failure through: %s", async (_, error) => {
    const { ask, sent } = facing(() => error);
    await expect(ask()).rejects.toBe(error);
    expect(sent).toHaveLength(1);
  });

  it("knows one name of the bound alone where the route does", async () => {
    const error = refusal("no", "unsupported_parameter", "max_tokens");
    const { ask } = facing(() => error, false);
    await expect(ask()).rejects.toBe(error);
  });
});
