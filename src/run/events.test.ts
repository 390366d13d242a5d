import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { eventProgress, type RunEvent } from "../core/events.ts";
import { type Answer, seeded, testRun } from "../testing/experiment.ts";
import { testFolder } from "../testing/test-folder.ts";

async function eventsOf(options: Partial<Parameters<typeof testRun>[0]> = {}): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  const progress = eventProgress((event) => events.push(event));
  await testRun({ run: { out: testFolder() }, ...options, environment: { progress } });
  return events;
}

async function exitOf(out: string): Promise<unknown> {
  return JSON.parse(await readFile(path.join(out, "run.json"), "utf8")).exit;
}

const ofType = <T extends RunEvent["type"]>(events: readonly RunEvent[], type: T) =>
  events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);

describe("the events of a run", () => {
  it("tell everything that happens, each once, in order", async () => {
    const events = await eventsOf();
    const [started] = ofType(events, "run.started");
    expect(started?.cells).toHaveLength(4);
    expect(ofType(events, "fit.started").map(({ fit }) => fit.method)).toEqual(["plain", "shots"]);
    expect(ofType(events, "fit.done").map(({ fit }) => fit)).toEqual(
      ofType(events, "fit.started").map(({ fit }) => fit),
    );
    expect(ofType(events, "cell.scored").map(({ cell }) => cell)).toEqual(started?.cells);
    const samples = ofType(events, "sample");
    expect(samples).toHaveLength(4 * 20);
    expect(new Set(samples.map(({ sample }) => sample.id)).size).toBe(80);
    expect(ofType(events, "call")).toHaveLength(80);
    expect(ofType(events, "call")[0]).toEqual({
      type: "call",
      model: "scripted",
      kind: "generate",
      cached: false,
      failed: false,
    });
    expect(ofType(events, "spent").at(-1)?.spent).toMatchObject({ generated: 80, scored: 0 });
    expect(events.at(-1)?.type).toBe("run.done");
    const order = ["run.started", "fit.started", "fit.done", "sample", "cell.scored", "run.done"] as const;
    const firsts = order.map((type) => events.findIndex((event) => event.type === type));
    expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
  });

  it("hold a piece of work to its end", async () => {
    const works = ofType(await eventsOf(), "work");
    const last = new Map(works.map((work) => [work.id, work]));
    expect(last.size).toBeGreaterThan(1);
    for (const { over, done, total } of last.values()) {
      expect(over).toBe(true);
      expect(done).toBe(total);
    }
  });

  it("end the run with what a listener throws", async () => {
    const progress = eventProgress(({ type }) => {
      if (type === "fit.done") throw new RangeError("enough");
    });
    const out = testFolder();
    await expect(testRun({ run: { out }, environment: { progress } })).rejects.toThrow("enough");
    expect(await exitOf(out)).toBe(70); // a bug of the listener's
  });

  it("end the run with what a listener throws between two calls, and make no more calls", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    let told = 0;
    const progress = eventProgress(({ type }) => {
      if (type === "spent" && told++ === 0) throw new RangeError("enough");
    });
    let asked = 0;
    const escaped: unknown[] = [];
    const answer: Answer = (request) => {
      asked += 1;
      try {
        if (asked === 1) vi.advanceTimersByTime(2000);
      } catch (error) {
        escaped.push(error); // of a timer's: it would end the process
      }
      return seeded(request);
    };
    const out = testFolder();
    await expect(testRun({ run: { out }, world: { answer }, environment: { progress } })).rejects.toThrow("enough");
    expect(escaped).toEqual([]);
    expect(asked).toBeLessThan(20);
    expect(await exitOf(out)).toBe(70);
  });
});
