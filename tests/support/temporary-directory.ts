import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/**
 * Vitest's global set-up: all tests, and the processes they start, get a temporary directory of their own, and what they leave
 * in it fails the run. tsx keeps its compiled files there, which is its business.
 */
export default function setUp(): () => void {
  const outer = process.env.TMPDIR;
  const folder = mkdtempSync(path.join(tmpdir(), "mopbench-tests-"));
  process.env.TMPDIR = folder;
  return () => {
    const left = readdirSync(folder).filter((name) => !name.startsWith("tsx-"));
    rmSync(folder, { recursive: true, force: true });
    if (outer === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = outer;
    if (left.length === 0) return;
    process.exitCode = 1; // Vitest prints what a tear-down throws and ends with 0
    throw new Error(
      `The tests left ${left.length} entries in the temporary directory: ${left.join(", ")}. ` +
        "Make folders with `testFolder` (src/testing/test-folder.ts), and let the program remove its own.",
    );
  };
}
