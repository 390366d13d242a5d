import type { Command as Program } from "commander";
import type { Io } from "../core/io.ts";

/** A command of the command line. What is heavy belongs inside its action: `--help` loads every command's file. */
export interface Command {
  /** Adds the command to the program. */
  register(program: Program, io: Io): void;
}
