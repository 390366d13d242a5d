import { RunFailedError } from "../core/errors.ts";
import { fileProblem } from "../storage/file-problem.ts";

/**
 * An error of a run that has begun: where it is of the disk the run failed (exit code 3), also where the path would be to blame
 * before (2), since a moment ago it was good. Any other error is given back.
 * @param how how to go on, said after what is wrong
 */
export function diskFailure(error: unknown, how: string): unknown {
  const problem = fileProblem(error);
  return problem === null ? error : new RunFailedError(`${problem.message}${how}`, { cause: error });
}
