import { describe, expect, it } from "vitest";
import { CallError } from "../core/errors.ts";
import { type Clock, systemClock } from "./clock.ts";
import { retrying } from "./retry.ts";

const quick = { first: 1, longest: 4 };

function failing(times: number, error: () => Error): { call: () => Promise<string>; asked: () => number } {
  let asked = 0;
  return {
    asked: () => asked,
    call: async () => {
      asked += 1;
      if (asked <= times) throw error();
      return "answer";
    },
  };
}

describe("retrying", () => {
  it("asks again while the failure may pass, and counts", async () => {
    const server = failing(3, () => new CallError("server", "503", { retryable: true }));
    expect(await retrying(server.call, { attempts: 8, backoff: quick })).toEqual({ value: "answer", retries: 3 });
  });

  it("gives up after the attempts and says how many there were", async () => {
    const server = failing(99, () => new CallError("server", "503", { retryable: true }));
    await expect(retrying(server.call, { attempts: 3, backoff: quick })).rejects.toThrow("503 (3 attempts)");
    expect(server.asked()).toBe(3);
  });

  it("throws at once what a later attempt cannot mend, and bugs as they are", async () => {
    const wrongKey = failing(99, () => new CallError("auth", "401", { fatal: true }));
    await expect(retrying(wrongKey.call, { attempts: 8, backoff: quick })).rejects.toMatchObject({ fatal: true });
    expect(wrongKey.asked()).toBe(1);
    const bug = failing(99, () => new TypeError("x is not a function"));
    await expect(retrying(bug.call, { attempts: 8, backoff: quick })).rejects.toBeInstanceOf(TypeError);
    expect(bug.asked()).toBe(1);
  });

  it("waits as long as the server asks", async () => {
    const server = failing(1, () => new CallError("rate-limit", "429", { retryable: true, retryAfterMs: 120 }));
    const waited: number[] = [];
    const wait = async (ms: number) => void waited.push(ms);
    expect(await retrying(server.call, { attempts: 2, backoff: quick, wait })).toEqual({ value: "answer", retries: 1 });
    expect(waited).toEqual([120]);
  });

  it("asks nothing when the run has stopped before", async () => {
    const server = failing(0, () => new Error("never"));
    const stopped = retrying(server.call, { attempts: 8, backoff: quick, signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ kind: "canceled" });
    expect(server.asked()).toBe(0);
  });

  it("ends a wait when the run stops", async () => {
    const stop = new AbortController();
    const server = failing(99, () => new CallError("rate-limit", "429", { retryable: true, retryAfterMs: 60_000 }));
    const wait: Clock["wait"] = (ms, signal) => {
      const waiting = systemClock.wait(ms, signal);
      stop.abort();
      return waiting;
    };
    const stopped = retrying(server.call, { attempts: 8, backoff: quick, signal: stop.signal, wait });
    await expect(stopped).rejects.toMatchObject({ kind: "canceled" });
    expect(server.asked()).toBe(1);
  });
});
