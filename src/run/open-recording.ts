import path from "node:path";
import { InputError } from "../core/errors.ts";
import { Recording } from "../models/layers/recording.ts";
import { identityAt, removeFile } from "../storage/disk.ts";

/** The recording that a run writes or answers from; null: none. */
export interface OpenedRecording {
  readonly recording: Recording | null;
  /** Removes a file that was made for a run that then did not begin. */
  undo(): Promise<void>;
}

/** @throws InputError when the file cannot be made or read, and when both are asked for */
export async function openRecording({
  record,
  replay,
  resume,
  cwd,
}: {
  readonly record?: string | undefined;
  readonly replay?: string | undefined;
  readonly resume?: string | undefined;
  readonly cwd: string;
}): Promise<OpenedRecording> {
  if (record !== undefined && replay !== undefined) throw new InputError("--record and --replay exclude each other.");
  const none = async () => {};
  if (replay !== undefined) return { recording: await Recording.replay(path.resolve(cwd, replay)), undo: none };
  if (record === undefined) return { recording: null, undo: none };
  const file = path.resolve(cwd, record);
  const known = (await identityAt(file)) !== null;
  const recording = await Recording.record(file, resume !== undefined);
  return { recording, undo: known ? none : () => removeFile(file) };
}
