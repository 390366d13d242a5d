import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { CallError } from "../core/errors.ts";
import { systemClock } from "./clock.ts";
import { RateLimiter, RateLimiters } from "./rate-limiter.ts";

const limits = { concurrency: 64, requestsPerMinute: null, tokensPerMinute: null, timeoutMs: 10_000 };
const once = { tokens: 1 };

async function flood(limiter: RateLimiter, calls: number, call: () => Promise<void>): Promise<number> {
  let inFlight = 0;
  let most = 0;
  const each = async () => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    await call().finally(() => {
      inFlight -= 1;
    });
  };
  await Promise.allSettled(Array.from({ length: calls }, () => limiter.run(each, once)));
  return most;
}

describe("RateLimiter", () => {
  afterEach(() => vi.useRealTimers());

  it("grows to the limit while calls succeed, and never past it", async () => {
    const limiter = new RateLimiter(limits);
    expect(limiter.allowed).toBe(8);
    const most = await flood(limiter, 400, () => turn());
    expect(limiter.allowed).toBe(64);
    expect(most).toBeLessThanOrEqual(64);
    expect(most).toBeGreaterThan(8);
  });

  it("is cut once for a burst of 429, then grows slowly", async () => {
    let now = 0;
    const limiter = new RateLimiter(limits, { ...systemClock, now: () => now });
    await flood(limiter, 200, () => turn());
    now += 5000;
    await flood(limiter, 20, () => Promise.reject(new CallError("rate-limit", "429", { retryable: true })));
    expect(limiter.allowed).toBe(44); // 64 * 0.7, once
    await flood(limiter, 44, () => turn());
    expect(limiter.allowed).toBeLessThanOrEqual(46);
  });

  it("takes a few 429 among many answers for bad luck", async () => {
    let now = 0;
    const limiter = new RateLimiter(limits, { ...systemClock, now: () => now });
    await flood(limiter, 200, () => turn());
    for (let i = 0; i < 100; i++) {
      now += 2000;
      const stray = () => Promise.reject(new CallError("rate-limit", "429", { retryable: true }));
      await limiter.run(i % 20 === 0 ? stray : () => turn(), once).catch(() => undefined);
    }
    expect(limiter.allowed).toBe(64);
  });

  it("times a call from when it is sent, not while it waits", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const limiter = new RateLimiter({ ...limits, concurrency: 1, timeoutMs: 150 });
    const calls = Array.from({ length: 4 }, () => limiter.run(() => new Promise<void>((r) => setTimeout(r, 80)), once));
    for (const call of calls) {
      await vi.advanceTimersByTimeAsync(80);
      await expect(call).resolves.toBeUndefined();
    }
    const never = (signal: AbortSignal) =>
      new Promise<void>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const hanging = limiter.run(never, once);
    const ended = expect(hanging).rejects.toMatchObject({ kind: "timeout", retryable: true });
    await vi.advanceTimersByTimeAsync(149);
    expect(vi.getTimerCount()).toBe(1); // its alarm: it still waits
    await vi.advanceTimersByTimeAsync(1);
    await ended;
  });

  it("ends a call that heeds no signal, at its clock and when the user stops", async () => {
    const alarms: (() => void)[] = [];
    const alarm = (_ms: number, late: () => void) => {
      alarms.push(late);
      return () => {};
    };
    const clock = { ...systemClock, alarm };
    const limiter = new RateLimiter(limits, clock);
    const deaf = () => new Promise<void>(() => {});
    const hanging = limiter.run(deaf, once);
    await turn();
    for (const ring of alarms) ring();
    await expect(hanging).rejects.toMatchObject({ kind: "timeout", retryable: true });
    const stop = new AbortController();
    const stopped = limiter.run(deaf, { ...once, signal: stop.signal });
    await turn();
    stop.abort();
    await expect(stopped).rejects.toBeDefined();
    expect(await flood(limiter, 20, () => turn())).toBeGreaterThan(7); // neither takes a place any more
  });

  it("closes for good when connections fail for seconds with no answer in between", async () => {
    let now = 0;
    const limiter = new RateLimiter(limits, { ...systemClock, now: () => now });
    const refused = () => Promise.reject(new CallError("network", "ECONNREFUSED", { retryable: true }));
    for (let i = 0; i < 6; i++) {
      await expect(limiter.run(refused, once)).rejects.toMatchObject({ kind: "network", fatal: now >= 3000 && i >= 4 });
      now += 700;
    }
    await expect(limiter.run(async () => "never sent", once)).rejects.toMatchObject({ fatal: true });
  });

  it("does not take a slow but answering server for a dead one", async () => {
    let now = 0;
    const limiter = new RateLimiter(limits, { ...systemClock, now: () => now });
    const refused = () => Promise.reject(new CallError("network", "reset", { retryable: true }));
    for (let i = 0; i < 30; i++) {
      const call = i % 4 === 3 ? async () => undefined : refused;
      await limiter.run(call, once).catch((error: CallError) => expect(error.fatal).toBe(false));
      now += 1000;
    }
  });

  it("holds back what exceeds the tokens of a minute", async () => {
    const waited: number[] = [];
    const clock = { ...systemClock, now: () => 0, wait: async (ms: number) => void waited.push(ms) };
    const limiter = new RateLimiter({ ...limits, tokensPerMinute: 60_000 }, clock); // 1,000 a second
    await limiter.run(async () => undefined, { tokens: 60_000 });
    expect(waited).toEqual([]);
    await limiter.run(async () => undefined, { tokens: 200 });
    expect(waited).toEqual([200]);
  });

  it("sends no more requests in any minute than the account allows", async () => {
    let now = 0;
    const sent: number[] = [];
    const clock = {
      ...systemClock,
      now: () => now,
      wait: async (ms: number) => {
        now += ms;
      },
    };
    const limiter = new RateLimiter({ ...limits, concurrency: 1, requestsPerMinute: 2 }, clock);
    for (const at of [0, 10_000, 20_000, 65_000, 200_000]) {
      now = Math.max(now, at);
      await limiter.run(async () => void sent.push(now), once);
    }
    expect(sent).toEqual([0, 10_000, 60_000, 70_000, 200_000]);
  });

  it("lets a call that stopped waiting use no tokens", async () => {
    const waited: number[] = [];
    const stop = new AbortController();
    const clock = {
      ...systemClock,
      now: () => 0,
      async wait(ms: number, signal?: AbortSignal) {
        waited.push(ms);
        await turn();
        signal?.throwIfAborted();
      },
    };
    const limiter = new RateLimiter({ ...limits, tokensPerMinute: 60_000 }, clock);
    await limiter.run(async () => undefined, { tokens: 60_000 });
    const stopped = limiter.run(async () => undefined, { tokens: 30_000, signal: stop.signal });
    stop.abort();
    await expect(stopped).rejects.toThrow();
    await turn();
    await limiter.run(async () => undefined, { tokens: 200 });
    expect(waited.at(-1)).toBeCloseTo(200, 6);
  });
});

describe("RateLimiters", () => {
  it("holds two models of an account to the smaller of each limit, and each to its own time", async () => {
    const alarms: number[] = [];
    const clock = {
      ...systemClock,
      alarm(ms: number) {
        alarms.push(ms);
        return () => undefined;
      },
    };
    const limiters = new RateLimiters(clock);
    const first = limiters.of("a", { ...limits, concurrency: 20, tokensPerMinute: null });
    expect(first.countsTokens).toBe(false);
    const second = limiters.of("a", { ...limits, concurrency: 6, tokensPerMinute: 60_000 });
    expect(second).toBe(first);
    expect(limiters.of("b", limits)).not.toBe(first);
    expect([first.allowed, first.countsTokens]).toEqual([6, true]);
    expect(await flood(first, 100, () => turn())).toBe(6);
    limiters.of("a", { ...limits, concurrency: 20 });
    expect(first.allowed).toBe(6);
    alarms.length = 0;
    await first.run(async () => undefined, { tokens: 0, timeoutMs: 1000 });
    await first.run(async () => undefined, { tokens: 0, timeoutMs: 9000 });
    expect(alarms).toEqual([1000, 9000]);
  });
});

describe("systemClock", () => {
  afterEach(() => vi.useRealTimers());

  it("goes on as before when the machine's date is set back or forward", () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const before = systemClock.now();
    for (const date of ["1990-01-01", "2090-01-01"]) {
      vi.setSystemTime(new Date(date));
      const later = systemClock.now();
      expect(later).toBeGreaterThanOrEqual(before);
      expect(later - before).toBeLessThan(24 * 3600_000);
    }
  });
});
