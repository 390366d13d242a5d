/** How far one piece of work is. */
export interface Bar {
  advance(steps?: number): void;
  done(): void;
}

/** Where long work tells how far it is. The command line draws it on stderr; libraries may pass `silent`. */
export interface Progress {
  /** A fact worth a line: what is being done, what was shrunk and why. */
  note(message: string): void;
  /** Something the user should look at; said once, exit code unchanged. */
  warn(message: string): void;
  /** Starts a bar of `total` steps; call `advance` as steps end and `done` at the end. */
  bar(label: string, total: number): Bar;
}

/** Says nothing. */
export const silent: Progress = {
  note() {},
  warn() {},
  bar: () => ({ advance() {}, done() {} }),
};
