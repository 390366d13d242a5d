import { expect, it, onTestFinished, vi } from "vitest";
import { eventProgress } from "../core/events.ts";
import { Adaptations } from "../models/adaptations.ts";
import { Meter } from "../models/layers/meter.ts";
import { Halt } from "./halt.ts";
import { keepingBooks } from "./keeping-books.ts";

/** A run that goes on until it is told to end, and the clock of its books. */
function running(parts: { readonly check?: () => Promise<void>; readonly write?: () => Promise<void> }) {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const halt = new Halt();
  let end = () => {};
  const ended = new Promise<string>((resolve) => {
    end = () => resolve("done");
  });
  const layers = { halt, spent: new Meter().spent, adaptationsOf: () => new Adaptations() };
  const run = keepingBooks(
    { write: parts.write ?? (async () => {}) },
    layers,
    { check: parts.check ?? (async () => {}) },
    eventProgress(() => {}),
    new AbortController(),
    ended,
  );
  const tick = async () => {
    vi.advanceTimersToNextTimer();
    await new Promise(setImmediate);
  };
  return { halt, run, tick, end };
}

it("writes run.json while something runs, and gives its value", async () => {
  let written = 0;
  const { run, tick, end } = running({ write: async () => void written++ });
  for (let ticks = 0; ticks < 3; ticks++) await tick();
  expect(written).toBe(3);
  end();
  expect(await run).toBe("done");
});

it.each([
  ["run.json cannot be written", { write: () => Promise.reject(new Error("ENOSPC")) }],
  ["the folder is lost", { check: () => Promise.reject(new Error("gone")) }],
])("lets nothing more be asked once %s, and ends the run with that", async (_, parts) => {
  let written = 0;
  const { halt, run, tick, end } = running({ write: async () => void written++, ...parts });
  halt.check();
  await tick();
  expect(() => halt.check()).toThrow(/ENOSPC|gone/);
  expect(written).toBe(0);
  end();
  await expect(run).rejects.toThrow(/ENOSPC|gone/);
});
