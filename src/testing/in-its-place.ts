import { execFileSync } from "node:child_process";
import { mkdir, rm, symlink } from "node:fs/promises";

/** What can stand in a file's place and is no file: it has no bytes, or no end of them. */
export const NO_FILES: Readonly<Record<string, (file: string) => Promise<unknown>>> = {
  "a folder": (file) => mkdir(file),
  "a pipe": async (file) => execFileSync("mkfifo", [file]),
  "a link to a device": (file) => symlink("/dev/zero", file),
};

/** Puts one of them in the place of a file, whether it is there or not. */
export async function putInPlace(what: keyof typeof NO_FILES, file: string): Promise<void> {
  await rm(file, { recursive: true, force: true });
  await NO_FILES[what]?.(file);
}
