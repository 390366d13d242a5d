import type { EventProgress } from "../core/events.ts";
import type { ManifestFile } from "./files/manifest.ts";
import type { RunLock } from "./lock/run-lock.ts";
import type { ModelLayers } from "./services.ts";

/** How often run.json is written while a run goes on, in ms: how far behind it is at most when the process is killed. */
const BOOKS_EVERY = 2000;

/**
 * Writes run.json and tells what is spent from time to time while something runs. Where the folder is lost or run.json cannot be
 * written, nothing more is asked.
 * @param stop ends what runs when a listener throws then
 * @throws what the listener threw, or the disk, once what runs has ended
 */
export async function keepingBooks<T>(
  manifest: Pick<ManifestFile, "write">,
  layers: Pick<ModelLayers, "halt" | "spent" | "adaptationsOf">,
  lock: Pick<RunLock, "check">,
  { emit }: EventProgress,
  stop: AbortController,
  running: Promise<T>,
): Promise<T> {
  const timer = setInterval(() => {
    try {
      emit({ type: "spent", spent: layers.spent });
    } catch (error) {
      stop.abort(error);
    }
    const written = lock.check().then(() => manifest.write(layers, null));
    written.catch((error) => layers.halt.set(error));
  }, BOOKS_EVERY);
  try {
    const value = await running;
    stop.signal.throwIfAborted();
    layers.halt.check();
    return value;
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    clearInterval(timer);
  }
}
