import { type Command, InvalidArgumentError } from "commander";

/** A whole number of at least `least`, and of at most `most` where there is one, for an option. */
export function wholeNumber(least: number, most?: number): (text: string) => number {
  const upTo = most === undefined ? "" : ` and at most ${most}`;
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= (most ?? Number.MAX_SAFE_INTEGER)) return value;
    throw new InvalidArgumentError(`Allowed: a whole number of at least ${least}${upTo}.`);
  };
}

/** --quiet and --json, as every command has them. */
export function addOutputOptions(command: Command): Command {
  return command
    .option("--quiet", "no progress on stderr, only warnings and errors")
    .option("--json", "JSON alone on stdout");
}

/** Flags that change what a config asks for; `run` and `plan` share them. */
export function addExperimentOptions(command: Command): Command {
  return command
    .option("--limit <n>", "at most this many samples a cell", wholeNumber(1))
    .option("--only <kind=id,...>", "only these cells: dataset=ID, model=ID, method=ID")
    .option("--seed <n>", "seed instead of the config's", wholeNumber(0))
    .option("--concurrency <n>", "calls in flight at once, instead of the config's", wholeNumber(1))
    .option("--offline", "refuse every call out")
    .option("--no-cache", "use and keep no answers and no embeddings of other runs");
}

/** What `addExperimentOptions` and `addOutputOptions` parse to. */
export interface ExperimentFlags {
  readonly limit?: number;
  readonly only?: string;
  readonly seed?: number;
  readonly concurrency?: number;
  readonly offline?: boolean;
  /** false with --no-cache. */
  readonly cache: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
}
