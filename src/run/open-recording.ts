import path from "node:path";
import { InputError } from "../core/errors.ts";
import { Recording } from "../models/layers/recording.ts";
import { isThere, removeFile } from "../storage/disk.ts";

/** The recording that a run writes or answers from; null: none. */
export interface OpenedRecording {
  readonly recording: Recording | null;
  /** Removes a file that was made for a run that then did not begin. */
  undo(): Promise<void>;
  /** Waits until all is on disk, and lets go of the file. @throws what writing threw, also when the file is not there any more */
  close(): Promise<void>;
}

/** @throws InputError when the file cannot be made or read, and when both are asked for */
export async function openRecording({
  record,
  replay,
  resumes,
  cwd,
}: {
  readonly record?: string | undefined;
  readonly replay?: string | undefined;
  /** Whether the run has begun before: what it was answered then stands in the recording already, or never will. */
  readonly resumes: boolean;
  readonly cwd: string;
}): Promise<OpenedRecording> {
  if (record !== undefined && replay !== undefined) throw new InputError("--record and --replay exclude each other.");
  const none = async () => {};
  if (replay !== undefined)
    return { recording: await Recording.replay(path.resolve(cwd, replay)), undo: none, close: none };
  if (record === undefined) return { recording: null, undo: none, close: none };
  const file = path.resolve(cwd, record);
  const known = await isThere(file);
  if (resumes && !known)
    throw new InputError(
      `--record ${file}: there is no such file to go on with, and it would lack what the run was answered before. Put it back, go on without --record, or start anew with --out: answers that the cache holds are not asked for again.`,
    );
  const recording = await Recording.record(file, resumes);
  const close = () => recording.close();
  const undo = async () => {
    await close().catch(() => {}); // why the run did not begin is what the user must hear of
    if (!known) await removeFile(file);
  };
  return { recording, undo, close };
}
