import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { CallError, type FailureKind, InputError, RunFailedError } from "../../core/errors.ts";
import type { AtMost } from "./budget.ts";
import { Meter } from "./meter.ts";

const price = { inputPerMillion: 1, outputPerMillion: 4 };
const bound = { tokensIn: 100, tokensOut: 100 };

/** A reservation whose refusal is a rejection, whether it came at once or later. */
const reserve = async (meter: Meter, ...[asked, cost, signal]: Parameters<Meter["reserve"]>) =>
  meter.reserve(asked, cost, signal);

describe("Meter", () => {
  it("counts what calls really cost", async () => {
    const meter = new Meter();
    meter.settle(await reserve(meter, bound, price), "generate", { tokensIn: 80, tokensOut: 20 }, price);
    meter.settle(await reserve(meter, bound, price), "score", { tokensIn: 50, tokensOut: 0 }, price);
    expect(meter.spent).toMatchObject({ generated: 1, scored: 1, tokensIn: 130, tokensOut: 20 });
    expect(meter.spent.usd).toBeCloseTo((130 + 4 * 20) / 1e6, 12);
  });

  it("says that a cost is unknown rather than zero", async () => {
    const meter = new Meter();
    meter.settle(await reserve(meter, bound, null), "generate", { tokensIn: 80, tokensOut: 20 }, null);
    expect(meter.spent.usd).toBeNull();
    meter.settle(await reserve(meter, bound, price), "generate", { tokensIn: null, tokensOut: 20 }, price);
    expect(meter.spent.tokensIn).toBeNull();
  });

  it("holds a budget in dollars also where a server does not say what a call took", async () => {
    const meter = new Meter({ usd: 0.0012 });
    for (
      let i = 0;
      i < 2;
      i++ // at most 0.0005 each
    )
      meter.settle(await reserve(meter, bound, price), "generate", { tokensIn: null, tokensOut: null }, price);
    await expect(reserve(meter, bound, price)).rejects.toThrow(/Raise budget.usd/);
    expect(meter.spent.usd).toBeNull();
  });

  it.each([-5, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e300])(
    "takes %s tokens for a count that nobody knows",
    async (said) => {
      const meter = new Meter({ tokens: 500 });
      meter.settle(await reserve(meter, bound, price), "generate", { tokensIn: said, tokensOut: 20 }, price);
      meter.settle(await reserve(meter, bound, price), "generate", { tokensIn: 20, tokensOut: said }, price);
      expect(meter.spent).toMatchObject({ tokensIn: null, tokensOut: null, usd: null, atMost: { tokens: 400 } });
      await expect(reserve(meter, bound, price)).rejects.toThrow(/Raise budget.tokens/);
    },
  );

  it("counts an attempt that may have been worked on at its bound, and one that was refused as no tokens", async () => {
    const tokensAfter = async (kind: FailureKind) => {
      const meter = new Meter();
      meter.failed(await reserve(meter, bound, price), new CallError(kind, "failed"));
      expect(meter.spent).toMatchObject({ errors: 1, atMost: { calls: 1 } });
      return meter.spent.atMost?.tokens;
    };
    for (const kind of ["timeout", "malformed", "empty", "length", "too-large", "canceled"] as const)
      expect(await tokensAfter(kind), kind).toBe(200);
    for (const kind of ["rate-limit", "server", "auth", "network"] as const)
      expect(await tokensAfter(kind), kind).toBe(0);
  });

  it("counts every request of a call of several, and gives back those that were not needed", async () => {
    const meter = new Meter({ calls: 5 });
    const two = { ...bound, requests: 2 };
    meter.settle(await reserve(meter, two, null), "score", { tokensIn: 1, tokensOut: 2, requests: 2 }, null);
    const held = await reserve(meter, two, null);
    const waiting = reserve(meter, two, null); // one of those in flight may turn out not to be needed
    meter.settle(held, "score", { tokensIn: 1, tokensOut: 1, requests: 1 }, null);
    meter.failed(await waiting, new CallError("server", "busy"));
    expect(meter.spent).toMatchObject({ scored: 2, errors: 1, tokensOut: 3, atMost: { calls: 5 } });
    await expect(reserve(meter, bound, null)).rejects.toThrow("5 of 5 calls are used");
  });

  it("counts attempts as calls and goes on from what was spent before a resume", async () => {
    const meter = new Meter({ calls: 5 }, { generated: 1, chosen: 1, others: { embed: 1 } });
    meter.failed(await reserve(meter, bound, null), new CallError("server", "busy"));
    meter.retried();
    const again = await reserve(meter, bound, null);
    expect(meter.spent).toMatchObject({ retries: 1, errors: 0 });
    meter.failed(again, new CallError("server", "busy"));
    await expect(reserve(meter, bound, null)).rejects.toThrow(/Raise budget.calls/);
    expect(meter.spent).toMatchObject({ retries: 1, errors: 1, atMost: { calls: 5 } });
  });

  it("gives a resumed run no more than is left, also where the server tells no tokens", async () => {
    let earlier = {};
    for (const room of [2, 0, 0]) {
      const meter = new Meter({ tokens: 500, usd: 1 }, earlier);
      for (let i = 0; i < room; i++)
        meter.settle(await reserve(meter, bound, price), "generate", { tokensIn: null, tokensOut: null }, price);
      await expect(reserve(meter, bound, price)).rejects.toThrow(/400 of 500 tokens are used/);
      earlier = JSON.parse(JSON.stringify(meter.spent));
    }
  });

  it("refuses a budget in dollars where what was spent before had no price", async () => {
    const meter = new Meter();
    meter.settle(await reserve(meter, bound, null), "generate", { tokensIn: 80, tokensOut: 20 }, null);
    expect(() => new Meter({ usd: 1 }, meter.spent)).toThrow(InputError);
  });

  it("counts each kind of call by itself, and goes on from a manifest that knew fewer kinds", async () => {
    const meter = new Meter({}, { generated: 2, scored: 3 });
    for (const kind of ["choose", "embed", "embed", "generate"]) {
      meter.settle(await reserve(meter, bound, null), kind, { tokensIn: 1, tokensOut: 1 }, null);
    }
    expect(meter.spent).toMatchObject({ generated: 3, scored: 3, chosen: 1, others: { embed: 2 } });
    meter.failed(await reserve(meter, bound, null), new CallError("server", "busy"));
    expect(meter.spent).toMatchObject({ generated: 3, errors: 1 });
    expect(new Meter({}, meter.spent).spent).toEqual(meter.spent);
    expect(new Meter().spent).not.toHaveProperty("others");
  });

  it("keeps the age of the oldest cached answer", () => {
    const meter = new Meter();
    meter.answeredFromCache(2000);
    meter.answeredFromCache(1000);
    expect(meter.spent).toMatchObject({ cached: 2, oldestCachedAt: "1970-01-01T00:00:01.000Z" });
  });
});

describe("a budget that calls in flight hold", () => {
  const real = { tokensIn: 5, tokensOut: 5 };

  it("is waited for in the order of asking, and ends only when what is spent leaves no room", async () => {
    const meter = new Meter({ tokens: 500 });
    const served: number[] = [];
    const ask = async (i: number) => {
      const reservation = await reserve(meter, bound, null);
      served.push(i);
      return reservation;
    };
    const asked = Array.from({ length: 40 }, (_, i) => ask(i));
    const rest = Promise.allSettled(asked.slice(31));
    for (let ended = 0; ended < 31; ended++) {
      const reservation = await asked[ended]!;
      expect(served.length - ended).toBeLessThanOrEqual(2); // 200 + 200 + 200 > 500
      meter.settle(reservation, "generate", real, null);
      await turn();
    }
    // 310 spent: the last call in flight may bring it to 320, and 200 more are too many.
    expect(served).toEqual(Array.from({ length: 31 }, (_, i) => i));
    expect((await rest).every((end) => end.status === "rejected" && end.reason instanceof RunFailedError)).toBe(true);
    expect(meter.spent).toMatchObject({ generated: 31, atMost: { calls: 31, tokens: 310 } });
  });

  it("lets nobody overtake, so that a large call gets its turn", async () => {
    const meter = new Meter({ tokens: 500 });
    const first = await reserve(meter, bound, null);
    const served: string[] = [];
    const large = reserve(meter, { tokensIn: 300, tokensOut: 100 }, null).then((held) => {
      served.push("large");
      return held;
    });
    const small = reserve(meter, { tokensIn: 1, tokensOut: 1 }, null).then(() => void served.push("small"));
    await turn();
    expect(served).toEqual([]);
    meter.settle(first, "generate", real, null);
    await Promise.all([large, small]);
    expect(served).toEqual(["large", "small"]);
  });

  it("is given up by a call that is stopped while it waits, and those behind it go on", async () => {
    const meter = new Meter({ tokens: 500 });
    await reserve(meter, bound, null);
    const stop = new AbortController();
    const large = reserve(meter, { tokensIn: 400, tokensOut: 0 }, null, stop.signal);
    const small = reserve(meter, { tokensIn: 1, tokensOut: 1 }, null);
    stop.abort();
    await expect(large).rejects.toMatchObject({ kind: "canceled" });
    await expect(small).resolves.toMatchObject({ tokens: 2 });
    await expect(reserve(meter, bound, null, stop.signal)).rejects.toMatchObject({ kind: "canceled" });
    expect(meter.spent.atMost).toMatchObject({ calls: 2, tokens: 202 });
  });

  it("is free again with nothing in flight, whatever fractions of a dollar were held", async () => {
    const meter = new Meter({ usd: 0.3 });
    const dimes = { inputPerMillion: 1e5, outputPerMillion: 0 };
    const one = { tokensIn: 1, tokensOut: 0 };
    const held = [await reserve(meter, one, dimes), await reserve(meter, one, dimes)];
    const most = reserve(meter, { tokensIn: 3, tokensOut: 0 }, { ...dimes, inputPerMillion: 99_999 });
    for (const reservation of held) meter.failed(reservation, new CallError("server", "busy"));
    await expect(most).resolves.toMatchObject({ tokens: 3 });
  });

  it("is told to the ledger before an attempt is sent, and none is sent where that fails", async () => {
    const kept: AtMost[] = [];
    let full = false;
    const meter = new Meter({ tokens: 500 }, {}, async (atMost) => {
      if (full) throw new Error("no space left");
      kept.push(atMost);
    });
    const reservation = await reserve(meter, bound, price);
    expect(kept.at(-1)).toEqual({ calls: 1, tokens: 200, usd: 0.0005 });
    meter.settle(reservation, "generate", real, price);
    expect(kept.at(-1)).toMatchObject({ calls: 1, tokens: 10 });
    full = true;
    await expect(reserve(meter, bound, price)).rejects.toThrow("no space left");
    expect(meter.spent.atMost).toMatchObject({ tokens: 10 });
  });
});
