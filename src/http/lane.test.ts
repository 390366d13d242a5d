import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { CallError } from "../core/errors.ts";
import { systemClock } from "./clock.ts";
import { Lane } from "./lane.ts";

const limits = { concurrency: 64, requestsPerMinute: null, tokensPerMinute: null, timeoutMs: 10_000 };
const once = { tokens: 1 };

async function flood(lane: Lane, calls: number, call: () => Promise<void>): Promise<number> {
  let inFlight = 0;
  let most = 0;
  const each = async () => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    await call().finally(() => {
      inFlight -= 1;
    });
  };
  await Promise.allSettled(Array.from({ length: calls }, () => lane.run(each, once)));
  return most;
}

describe("Lane", () => {
  afterEach(() => vi.useRealTimers());

  it("grows to the limit while calls succeed, and never past it", async () => {
    const lane = new Lane(limits);
    expect(lane.allowed).toBe(8);
    const most = await flood(lane, 400, () => turn());
    expect(lane.allowed).toBe(64);
    expect(most).toBeLessThanOrEqual(64);
    expect(most).toBeGreaterThan(8);
  });

  it("is cut once for a burst of 429, then grows slowly", async () => {
    let now = 0;
    const lane = new Lane(limits, { ...systemClock, now: () => now });
    await flood(lane, 200, () => turn());
    now += 5000;
    await flood(lane, 20, () => Promise.reject(new CallError("rate-limit", "429", { retryable: true })));
    expect(lane.allowed).toBe(44); // 64 * 0.7, once
    await flood(lane, 44, () => turn());
    expect(lane.allowed).toBeLessThanOrEqual(46);
  });

  it("takes a few 429 among many answers for bad luck", async () => {
    let now = 0;
    const lane = new Lane(limits, { ...systemClock, now: () => now });
    await flood(lane, 200, () => turn());
    for (let i = 0; i < 100; i++) {
      now += 2000;
      const stray = () => Promise.reject(new CallError("rate-limit", "429", { retryable: true }));
      await lane.run(i % 20 === 0 ? stray : () => turn(), once).catch(() => undefined);
    }
    expect(lane.allowed).toBe(64);
  });

  it("times a call from when it is sent, not while it waits", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const lane = new Lane({ ...limits, concurrency: 1, timeoutMs: 150 });
    const calls = Array.from({ length: 4 }, () => lane.run(() => new Promise<void>((r) => setTimeout(r, 80)), once));
    for (const call of calls) {
      await vi.advanceTimersByTimeAsync(80);
      await expect(call).resolves.toBeUndefined();
    }
    const never = (signal: AbortSignal) =>
      new Promise<void>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const hanging = lane.run(never, once);
    const ended = expect(hanging).rejects.toMatchObject({ kind: "timeout", retryable: true });
    await vi.advanceTimersByTimeAsync(149);
    expect(vi.getTimerCount()).toBe(1); // its alarm: it still waits
    await vi.advanceTimersByTimeAsync(1);
    await ended;
  });

  it("closes for good when connections fail for seconds with no answer in between", async () => {
    let now = 0;
    const lane = new Lane(limits, { ...systemClock, now: () => now });
    const refused = () => Promise.reject(new CallError("network", "ECONNREFUSED", { retryable: true }));
    for (let i = 0; i < 6; i++) {
      await expect(lane.run(refused, once)).rejects.toMatchObject({ kind: "network", fatal: now >= 3000 && i >= 4 });
      now += 700;
    }
    await expect(lane.run(async () => "never sent", once)).rejects.toMatchObject({ fatal: true });
  });

  it("does not take a slow but answering server for a dead one", async () => {
    let now = 0;
    const lane = new Lane(limits, { ...systemClock, now: () => now });
    const refused = () => Promise.reject(new CallError("network", "reset", { retryable: true }));
    for (let i = 0; i < 30; i++) {
      const call = i % 4 === 3 ? async () => undefined : refused;
      await lane.run(call, once).catch((error: CallError) => expect(error.fatal).toBe(false));
      now += 1000;
    }
  });

  it("holds back what exceeds the tokens of a minute", async () => {
    const waited: number[] = [];
    const clock = { ...systemClock, now: () => 0, wait: async (ms: number) => void waited.push(ms) };
    const lane = new Lane({ ...limits, tokensPerMinute: 60_000 }, clock); // 1,000 a second
    await lane.run(async () => undefined, { tokens: 60_000 });
    expect(waited).toEqual([]);
    await lane.run(async () => undefined, { tokens: 200 });
    expect(waited).toEqual([200]);
  });
});
