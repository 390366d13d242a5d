/**
 * A stream of the process that is written to until it fails. Without this, a full disk or a closed pipe ends the process in the
 * middle of what it does, with a stack and exit code 1.
 */
export class Output {
  readonly #stream: NodeJS.WritableStream;
  #failure: NodeJS.ErrnoException | null = null;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
    stream.on("error", (error: NodeJS.ErrnoException) => {
      this.#failure ??= error;
    });
  }

  /** Writes a text; after a failure nothing. */
  readonly write = (text: string): void => {
    if (this.#failure === null) this.#stream.write(text);
  };

  /**
   * Resolves when all that was written is out.
   * @returns what is wrong with the stream, for the user; null where nothing is, or where its reader wants no more (`| head`)
   */
  async end(): Promise<string | null> {
    if (this.#failure === null) await new Promise<void>((resolve) => void this.#stream.write("", () => resolve()));
    await new Promise((resolve) => setImmediate(resolve)); // a failure is told after the write
    if (this.#failure === null || this.#failure.code === "EPIPE") return null;
    return WHAT[this.#failure.code ?? ""] ?? this.#failure.message;
  }
}

const WHAT: Readonly<Record<string, string>> = {
  ENOSPC: "no space left on the disk",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file is larger than the disk or a limit allows",
  EIO: "the disk or the terminal failed",
};
