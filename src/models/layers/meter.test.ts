import { describe, expect, it } from "vitest";
import { RunFailedError } from "../../core/errors.ts";
import { Meter } from "./meter.ts";

const price = { inputPerMillion: 1, outputPerMillion: 4 };
const bound = { tokensIn: 100, tokensOut: 100 };

describe("Meter", () => {
  it("counts what calls really cost", () => {
    const meter = new Meter();
    meter.settle(meter.reserve(bound, price), "generate", { tokensIn: 80, tokensOut: 20 }, price);
    meter.settle(meter.reserve(bound, price), "score", { tokensIn: 50, tokensOut: 0 }, price);
    expect(meter.spent).toMatchObject({ generated: 1, scored: 1, tokensIn: 130, tokensOut: 20 });
    expect(meter.spent.usd).toBeCloseTo((130 + 4 * 20) / 1e6, 12);
  });

  it("says that a cost is unknown rather than zero", () => {
    const meter = new Meter();
    meter.settle(meter.reserve(bound, null), "generate", { tokensIn: 80, tokensOut: 20 }, null);
    expect(meter.spent.usd).toBeNull();
    meter.settle(meter.reserve(bound, price), "generate", { tokensIn: null, tokensOut: 20 }, price);
    expect(meter.spent.tokensIn).toBeNull();
  });

  it("stops before the budget is exceeded, calls in flight counted at their bound", () => {
    const meter = new Meter({ tokens: 500 });
    const first = meter.reserve(bound, null);
    const second = meter.reserve(bound, null);
    expect(() => meter.reserve(bound, null)).toThrow(RunFailedError); // 200 + 200 + 200 > 500
    meter.settle(first, "generate", { tokensIn: 30, tokensOut: 10 }, null);
    meter.settle(second, "generate", { tokensIn: 30, tokensOut: 10 }, null);
    expect(() => meter.reserve(bound, null)).not.toThrow(); // 80 spent
  });

  it("holds a budget in dollars also where a server does not say what a call took", () => {
    const meter = new Meter({ usd: 0.0012 });
    meter.settle(meter.reserve(bound, price), "generate", { tokensIn: null, tokensOut: null }, price); // at most 0.0005
    meter.settle(meter.reserve(bound, price), "generate", { tokensIn: null, tokensOut: null }, price);
    expect(() => meter.reserve(bound, price)).toThrow(/Raise budget.usd/);
    expect(meter.spent.usd).toBeNull();
  });

  it("counts retries as calls and goes on from what was spent before a resume", () => {
    const meter = new Meter({ calls: 5 }, { generated: 1, chosen: 1, others: { embed: 1 } });
    meter.reserve(bound, null);
    meter.retried();
    expect(() => meter.reserve(bound, null)).toThrow(/Raise budget.calls/);
    expect(() => meter.retried()).toThrow(RunFailedError);
  });

  it("counts each kind of call by itself, and goes on from a manifest that knew fewer kinds", () => {
    const meter = new Meter({}, { generated: 2, scored: 3 });
    for (const kind of ["choose", "embed", "embed", "generate"]) {
      meter.settle(meter.reserve(bound, null), kind, { tokensIn: 1, tokensOut: 1 }, null);
    }
    expect(meter.spent).toMatchObject({ generated: 3, scored: 3, chosen: 1, others: { embed: 2 } });
    meter.failed(meter.reserve(bound, null));
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
