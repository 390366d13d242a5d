import { type EventProgress, eventProgress, type RunListener } from "../core/events.ts";
import type { Io } from "../core/io.ts";
import { visibleLine } from "../core/printable.ts";
import { shortened } from "../report/format.ts";
import { Pace } from "./pace-of-work.ts";

/** Milliseconds between two plain lines of one piece of work. */
const LINE_EVERY = 5000;

/** Characters of a label, and of a message, that are shown. */
const LABEL_LENGTH = 200;
const MESSAGE_LENGTH = 2000;

/** Progress on stderr: live bars on a terminal, plain lines elsewhere, warnings alone when quiet. `close` leaves the terminal clean. */
export async function openProgress(io: Io, quiet: boolean): Promise<EventProgress & { close(): void }> {
  if (quiet) return { ...eventProgress(inLines(warnings(io))), close() {} };
  if (!io.terminal) return { ...eventProgress(inLines(lines(io, () => performance.now()))), close() {} };
  const { listener, close } = await liveBars();
  return { ...eventProgress(inLines(listener)), close };
}

/** Labels and messages hold ids, names of columns and what servers say: each stays in its line. */
export function inLines(listener: RunListener): RunListener {
  return (event) => {
    if (event.type === "work") listener({ ...event, label: visibleLine(shortened(event.label, LABEL_LENGTH)) });
    else if (event.type === "note" || event.type === "warning")
      listener({ ...event, message: visibleLine(shortened(event.message, MESSAGE_LENGTH)) });
    else listener(event);
  };
}

/** A listener that says warnings alone. */
function warnings(io: Pick<Io, "stderr">): RunListener {
  return (event) => {
    if (event.type === "warning") io.stderr(`warning: ${event.message}\n`);
  };
}

/**
 * A listener that writes plain lines: notes, warnings, and of each piece of work the end, and at most every five seconds how far it is,
 * how fast, and how long it will take. `clock` in ms.
 */
export function lines(io: Pick<Io, "stderr">, clock: () => number): RunListener {
  const paces = new Map<number, { readonly pace: Pace; last: number }>();
  return (event) => {
    if (event.type === "note") io.stderr(`${event.message}\n`);
    if (event.type === "warning") io.stderr(`warning: ${event.message}\n`);
    if (event.type !== "work") return;
    const { id, label, done, total, over } = event;
    const known = paces.get(id) ?? { pace: new Pace(clock()), last: clock() };
    paces.set(id, known);
    const now = clock();
    known.pace.at(now, done);
    if (over) {
      paces.delete(id);
      io.stderr(`${label}: ${done}/${total} done\n`);
      return;
    }
    if (now - known.last < LINE_EVERY || done >= total) return;
    known.last = now;
    io.stderr(`${label}: ${done}/${total}${known.pace.text(total - done)}\n`);
  };
}

async function liveBars(): Promise<{ readonly listener: RunListener; close(): void }> {
  const { MultiBar, Presets } = await import("cli-progress");
  const bars = new MultiBar(
    {
      stream: process.stderr,
      format: "{label} [{bar}] {value}/{total}{pace}",
      hideCursor: true,
      clearOnComplete: false,
      // Ctrl-C is ours: the run stops cleanly and the bars close with it.
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  const open = new Map<number, { readonly bar: ReturnType<typeof bars.create>; readonly pace: Pace }>();
  const say = (message: string) => bars.log(`${message}\n`);
  const listener: RunListener = (event) => {
    if (event.type === "note") say(event.message);
    if (event.type === "warning") say(`warning: ${event.message}`);
    if (event.type !== "work") return;
    const { id, label, done, total, over } = event;
    const now = performance.now();
    const known = open.get(id) ?? { bar: bars.create(total, 0, { label, pace: "" }), pace: new Pace(now) };
    open.set(id, known);
    if (over) {
      open.delete(id);
      bars.remove(known.bar);
      say(`${label}: ${total}`);
      return;
    }
    known.pace.at(now, done);
    known.bar.update(done, { pace: known.pace.text(total - done) });
  };
  return { listener, close: () => bars.stop() };
}
