import { fileProblem } from "../storage/file-problem.ts";

/**
 * Whether a run may still ask for anything: not once a write has failed, since what is answered then is paid for and lost. Calls
 * in flight end as they would.
 */
export class Halt {
  #first: { readonly reason: unknown } | null = null;

  /** Ends the asking. The first reason stays. */
  set(reason: unknown): void {
    this.#first ??= { reason };
  }

  /** Ends the asking where an error is of the disk. */
  note(error: unknown): void {
    if (fileProblem(error) !== null) this.set(error);
  }

  /** @throws the reason */
  check(): void {
    if (this.#first !== null) throw this.#first.reason;
  }
}
