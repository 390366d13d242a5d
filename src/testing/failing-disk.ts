import { onTestFinished, vi } from "vitest";
import { disk } from "../storage/disk.ts";

/** An error as the system gives it for a file. */
export function systemError(code: string, syscall: string, file: string): Error {
  return Object.assign(new Error(`${code}: made by a test, ${syscall} '${file}'`), { code, syscall, path: file });
}

/**
 * Lets the disk fail until the test ends: a step fails with `code` for files that `when` names, from the time it does on.
 * @param when is asked of every such step, with the file's path
 * @returns how often it failed, and what puts it right
 */
export function failingDisk(
  step: "open" | "write" | "sync" | "rename" | "makeFolder",
  code: string,
  when: (file: string) => boolean,
): { readonly failed: () => number; readonly mend: () => void } {
  let failed = 0;
  const check = (file: string) => {
    if (!when(file)) return;
    failed += 1;
    throw systemError(code, step, file);
  };
  const { open, write, sync, rename, makeFolder } = { ...disk };
  const spies = {
    open: () =>
      vi.spyOn(disk, "open").mockImplementation(async (file, flags) => {
        check(file);
        return open(file, flags);
      }),
    write: () =>
      vi.spyOn(disk, "write").mockImplementation(async (to, content) => {
        check(to.file);
        return write(to, content);
      }),
    sync: () =>
      vi.spyOn(disk, "sync").mockImplementation(async (of) => {
        check(of.file);
        return sync(of);
      }),
    rename: () =>
      vi.spyOn(disk, "rename").mockImplementation(async (from, to) => {
        check(to);
        return rename(from, to);
      }),
    makeFolder: () =>
      vi.spyOn(disk, "makeFolder").mockImplementation(async (folder) => {
        check(folder);
        return makeFolder(folder);
      }),
  };
  const spy = spies[step]();
  const mend = () => spy.mockRestore();
  onTestFinished(mend);
  return { failed: () => failed, mend };
}
