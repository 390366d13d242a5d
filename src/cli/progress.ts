import type { Io } from "../core/io.ts";
import { type Progress, silent } from "../core/progress.ts";

/** Milliseconds between two plain lines of one bar. */
const LINE_EVERY = 5000;

/** Progress on stderr: live bars on a terminal, plain lines elsewhere, warnings alone when quiet. `close` leaves the terminal clean. */
export async function openProgress(io: Io, quiet: boolean): Promise<Progress & { close(): void }> {
  if (quiet) return { ...silent, warn: (message) => io.stderr(`warning: ${message}\n`), close() {} };
  return io.terminal ? liveProgress() : { ...lineProgress(io, Date.now), close() {} };
}

/** Plain lines: the start, one line at most every five seconds, the end. `clock` in ms. */
export function lineProgress(io: Pick<Io, "stderr">, clock: () => number): Progress {
  return {
    note: (message) => io.stderr(`${message}\n`),
    warn: (message) => io.stderr(`warning: ${message}\n`),
    bar(label, total) {
      let done = 0;
      let last = clock();
      return {
        advance(steps = 1) {
          done += steps;
          const now = clock();
          if (now - last < LINE_EVERY || done >= total) return;
          last = now;
          io.stderr(`${label}: ${done}/${total}\n`);
        },
        done: () => io.stderr(`${label}: ${done}/${total} done\n`),
      };
    },
  };
}

async function liveProgress(): Promise<Progress & { close(): void }> {
  const { MultiBar, Presets } = await import("cli-progress");
  const bars = new MultiBar(
    {
      stream: process.stderr,
      format: "{label} [{bar}] {value}/{total} {eta_formatted}",
      hideCursor: true,
      clearOnComplete: false,
      // Ctrl-C is ours: the run stops cleanly and the bars close with it.
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  const line = (message: string) => bars.log(`${message}\n`);
  return {
    note: line,
    warn: (message) => line(`warning: ${message}`),
    bar(label, total) {
      const bar = bars.create(total, 0, { label });
      return {
        advance: (steps = 1) => bar.increment(steps),
        done() {
          bars.remove(bar);
          line(`${label}: ${total}`);
        },
      };
    },
    close: () => bars.stop(),
  };
}
