import { describe, expect, it } from "vitest";
import { ErrorBudget, isBearable } from "./error-budget.ts";
import { CallError, RunFailedError } from "./errors.ts";

const failures = (budget: ErrorBudget, most: number) => {
  for (let failed = 1; failed <= most; failed++) if (budget.addFailures()) return failed;
  return null;
};

describe("ErrorBudget", () => {
  it("allows a share of the calls there will be", () => {
    expect(failures(new ErrorBudget({ rate: 0.05, calls: 40 }), 40)).toBe(3);
    expect(failures(new ErrorBudget({ rate: 0, calls: 40 }), 40)).toBe(1);
    expect(failures(new ErrorBudget({ rate: 1, calls: 40 }), 40)).toBeNull();
  });

  it("allows a share of the calls so far, and a few in any case, where nobody knows how many there will be", () => {
    const budget = new ErrorBudget({ rate: 0.05, few: 16 });
    expect(failures(budget, 100)).toBe(17);
    for (let i = 0; i < 383; i++) budget.addSuccess();
    expect([budget.failed, budget.succeeded, budget.ended, budget.exceeded]).toEqual([17, 383, 400, false]);
    expect(budget.addFailures(4)).toBe(true);
  });
});

it.each([
  ["a server's error", new CallError("server", "500"), true],
  ["a refusal", new CallError("refusal", "no"), true],
  ["a wrong key", new CallError("auth", "no", { fatal: true }), false],
  ["a stop", new CallError("canceled", "stopped"), false],
  ["a spent budget", new CallError("budget", "spent"), false],
  ["another error", new RunFailedError("no"), false],
])("%s may be one of several failures: %s", (_, error, bearable) => {
  expect(isBearable(error)).toBe(bearable);
});
