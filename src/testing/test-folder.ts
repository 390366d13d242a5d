import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";

/** Folders that the test file which imports this module made: Vitest loads the module anew for each file. */
const made: string[] = [];

afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/**
 * A new folder in the system's temporary directory with these files in it, gone after the test file's last test. Tests make
 * theirs here alone: a run of the tests that leaves anything behind fails (tests/support/temporary-directory.ts).
 * Where all tests of a file may be skipped it is called in a hook, since Vitest then runs none of the hooks that clean up.
 * @param files contents by path in the folder
 */
export function testFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = mkdtempSync(path.join(tmpdir(), "mopbench-test-"));
  made.push(folder);
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return folder;
}
