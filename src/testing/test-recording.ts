import { onTestFinished } from "vitest";
import { Recording } from "../models/layers/recording.ts";

/** As `Recording.record`; the file is let go of when the test ends. */
export async function testRecording(file: string, resumed = false): Promise<Recording> {
  const recording = await Recording.record(file, resumed);
  onTestFinished(() => recording.close());
  return recording;
}
