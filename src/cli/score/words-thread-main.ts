import { parentPort, workerData } from "node:worker_threads";
import type { Progress } from "../../core/progress.ts";
import { measureWords, type WordsMessage } from "./words-thread.ts";

// What the thread of `WordsThread` runs: its task comes with its start, what it has to say goes to the thread that started it.

const say = (message: WordsMessage) => parentPort?.postMessage(message);

const progress: Progress = {
  note() {},
  warn: (message) => say({ kind: "warn", message }),
  bar(label, total) {
    say({ kind: "bar", label, total });
    return { advance: (steps = 1) => say({ kind: "advance", steps }), done: () => say({ kind: "done" }) };
  },
};

say({ kind: "rows", rows: await measureWords(workerData, progress, new AbortController().signal) });
