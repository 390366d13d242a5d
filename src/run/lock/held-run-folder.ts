import { removeLeftBehind } from "../files/left-behind.ts";
import { findRunFolder, placeOf, type RunFolder, type WantedFolder } from "../files/run-folder.ts";
import { type HeldFolder, holdFolder } from "./held-folder.ts";
import { RunLock } from "./run-lock.ts";

/** Finds, makes and locks the run's folder. @throws InputError as `findRunFolder` and `holdFolder`; nothing is left behind */
export async function heldRunFolder(wanted: WantedFolder): Promise<HeldFolder & { readonly folder: RunFolder }> {
  const { dir, shown } = placeOf(wanted);
  await RunLock.refuseHeld(dir, shown); // before what lies in it is held against it
  await findRunFolder(wanted); // nothing is put into a folder that is none of ours
  const held = await holdFolder(dir, shown, wanted.now);
  try {
    const folder = await findRunFolder(wanted); // as it is now that nobody else writes to it
    await removeLeftBehind(dir);
    return { ...held, folder };
  } catch (error) {
    await held.letGo();
    throw error;
  }
}
