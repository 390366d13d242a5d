import { InputError, MopbenchError } from "../../core/errors.ts";
import { disk, firstMissing, removeFolders } from "../../storage/disk.ts";
import { fileProblem } from "../../storage/file-problem.ts";
import { RunLock } from "./run-lock.ts";

/** A folder that is there, can be written, and that nobody else writes to. */
export interface HeldFolder {
  readonly lock: RunLock;
  /** Lets go of it. One that was made for this and is empty goes, with the folders above it that were made too. */
  letGo(): Promise<void>;
}

/**
 * Makes a folder and locks it: whether it can be written is known before anything is spent.
 * @param shown the folder as the user would type it
 * @param now milliseconds since 1970
 * @throws InputError when it cannot be made or written, and when another holds it; nothing is left behind
 */
export async function holdFolder(dir: string, shown: string, now: number): Promise<HeldFolder> {
  await RunLock.refuseHeld(dir, shown);
  const made = await firstMissing(dir);
  const unmake = async () => {
    if (made !== null) await removeFolders(dir, made);
  };
  try {
    await disk.makeFolder(dir);
    const lock = await RunLock.take(dir, shown, now);
    return { lock, letGo: () => lock.release().then(unmake) };
  } catch (error) {
    await unmake();
    if (error instanceof MopbenchError) throw error;
    const problem = fileProblem(error);
    if (problem === null) throw error;
    throw new InputError(`${shown} cannot be written to, so nothing was begun: ${problem.reason}.`, { cause: error });
  }
}
