import type { Io } from "../core/io.ts";
import { visible } from "../core/printable.ts";

/**
 * The way of all that commands write: nothing in a text of others reaches a terminal that would obey it, whoever forgot. JSON stays
 * the same value. What is `painted` has gone through it before our colors were added.
 */
export function safeIo(io: Io): Io {
  return {
    ...io,
    stdout: (text, painted = false) => io.stdout(painted ? text : visible(text), painted),
    stderr: (text) => io.stderr(visible(text)),
  };
}
