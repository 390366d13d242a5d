/**
 * The errors a user can meet. Each carries an exit code and a message that says what to do; the command line
 * prints the message alone. Anything else that is thrown is a bug and keeps its stack.
 */

/** Marks our errors in every copy of this module: the CommonJS of a plug-in may load a second one. */
const BRAND = Symbol.for("mopbench.error");

function isOurs(value: unknown, name?: string): boolean {
  return value instanceof Error && BRAND in value && (name === undefined || value.name === name);
}

/** What a bug of ours ends with (EX_SOFTWARE), so that a gate's 1 never means a crash. The codes of outcomes are 0, 1, 2, 3 and 130. */
export const INTERNAL_ERROR = 70;

/**
 * Base class: `exitCode` is what the process ends with. `instanceof` goes by the mark and the name, whichever copy made the error.
 * @example
 * if (error instanceof MopbenchError) console.error(error.message); // no stack: it says what to do
 */
export abstract class MopbenchError extends Error {
  readonly [BRAND] = true;
  abstract readonly exitCode: 1 | 2 | 3 | 130;

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isOurs(value);
  }
}

/**
 * The input is wrong (config, data, flags, a missing key variable, a model that cannot do what a method needs): exit code 2.
 * The message names the file, line or path, what was found and what is allowed.
 * @example
 * throw new InputError("my-source: `path` names no folder; give one that exists.");
 */
export class InputError extends MopbenchError {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isOurs(value, "InputError");
  }

  override readonly name = "InputError";
  readonly exitCode = 2;
  /** The message's own lines: a line break within one of them is a value's. */
  readonly lines: readonly string[];

  /** @param message several lines where there are several problems */
  constructor(message: string | readonly string[], options?: ErrorOptions) {
    const lines = typeof message === "string" ? [message] : message;
    super(lines.join("\n"), options);
    this.lines = lines;
  }
}

/** Why a call to a model, an encoder or a hub failed. */
export type FailureKind =
  | "rate-limit"
  | "server"
  | "network"
  | "timeout"
  | "malformed"
  | "empty"
  | "reasoning"
  | "length"
  | "refusal"
  | "too-large"
  | "auth"
  | "quota"
  | "not-found"
  | "redirect"
  | "bad-request"
  | "budget"
  | "canceled";

/**
 * One call failed. `retryable` says whether the same call may succeed later; `retryAfterMs` is the server's own wish.
 * `fatal` failures (a wrong key, no quota, an unknown model) end the run; others become one error record.
 * @example
 * throw new CallError("rate-limit", "The server asks to wait.", { retryable: true, retryAfterMs: 2000 });
 */
export class CallError extends MopbenchError {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isOurs(value, "CallError");
  }

  override readonly name = "CallError";
  readonly exitCode = 3;
  readonly kind: FailureKind;
  readonly retryable: boolean;
  readonly fatal: boolean;
  readonly retryAfterMs: number | null;
  /** How often the call was made before it counted as failed. */
  readonly attempts: number;
  /** The server's machine-readable code of a refused request, and the field it says is at fault; null where it says none. */
  readonly code: string | null;
  readonly param: string | null;
  /** What the model did answer, where that is not a person's text. */
  readonly answer: string | null;

  constructor(
    kind: FailureKind,
    message: string,
    options: {
      retryable?: boolean;
      fatal?: boolean;
      retryAfterMs?: number | null;
      attempts?: number;
      code?: string | null;
      param?: string | null;
      answer?: string | null;
      cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.retryable = options.retryable ?? false;
    this.fatal = options.fatal ?? false;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.attempts = options.attempts ?? 1;
    this.code = options.code ?? null;
    this.param = options.param ?? null;
    this.answer = options.answer ?? null;
  }
}

/**
 * A run that cannot go on: a service failed for good, too many calls failed, or the budget is spent. Exit code 3.
 * @example
 * if (error instanceof RunFailedError) await run(config, { resume: dir }); // once the server is back
 */
export class RunFailedError extends MopbenchError {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isOurs(value, "RunFailedError");
  }

  override readonly name = "RunFailedError";
  readonly exitCode = 3;
}

/**
 * The user asked to stop. What was finished is on disk. Exit code 130.
 * @example
 * if (error instanceof InterruptedError) console.log("stopped; go on with { resume: dir }");
 */
export class InterruptedError extends MopbenchError {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isOurs(value, "InterruptedError");
  }

  override readonly name = "InterruptedError";
  readonly exitCode = 130;
}

/**
 * A check did what it should and the answer is no: a gate failed, or a comparison found a regression. Exit code 1.
 * @example
 * if (error instanceof CheckFailedError) process.exitCode = error.exitCode; // 1: the answer is no
 */
export class CheckFailedError extends MopbenchError {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isOurs(value, "CheckFailedError");
  }

  override readonly name = "CheckFailedError";
  readonly exitCode = 1;
}
