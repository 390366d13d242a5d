import type { RunManifest } from "../analysis/run-manifest.ts";
import type { Io } from "../core/io.ts";
import type { Results } from "../core/result.ts";

/** Prints a run in one screen: the answers, then the tables. */
export async function showTable(results: Results, manifest: RunManifest, io: Io): Promise<void> {
  const { terminalTable } = await import("../report/terminal.ts");
  const color = io.columns !== null && (io.env.NO_COLOR ?? "") === "";
  io.stdout(terminalTable(results, manifest, { color }), true);
}
