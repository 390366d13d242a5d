import { execFile } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { packageRoot } from "../../src/storage/package-root.ts";
import { testFolder } from "../../src/testing/test-folder.ts";

const execute = promisify(execFile);

/** How a process ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder in which the packed package is installed, as a user has it. */
export interface Installed {
  readonly folder: string;
  /** Runs the package's own command there. */
  mopbench(...args: string[]): Promise<Ended>;
  /** Runs a package's program of the repository there, e.g. the type checker. */
  node(...args: string[]): Promise<Ended>;
}

/** Packs the package and installs it in an empty folder; its dependencies are those of the repository, so that no registry is asked. */
export async function installPacked(): Promise<Installed> {
  const root = packageRoot();
  const folder = testFolder();
  const out = path.join(folder, "dist");
  await execute(process.execPath, [path.join(root, ".ci", "pack.mjs"), out], { cwd: root });
  const modules = path.join(folder, "node_modules");
  mkdirSync(path.join(modules, "@types"), { recursive: true });
  cpSync(path.join(out, "package"), path.join(modules, "mopbench"), { recursive: true });
  for (const name of ["libsql", "tsx", "zod", "@types/node"])
    symlinkSync(path.join(root, "node_modules", name), path.join(modules, name));
  const run = async (args: readonly string[]): Promise<Ended> => {
    const env = { ...process.env, MOPBENCH_CACHE: path.join(folder, "cache"), NODE_OPTIONS: "" };
    try {
      return { code: 0, ...(await execute(process.execPath, args, { cwd: folder, env })) };
    } catch (error) {
      if (!(error instanceof Error) || !("stdout" in error) || !("stderr" in error) || !("code" in error)) throw error;
      return { code: Number(error.code), stdout: String(error.stdout), stderr: String(error.stderr) };
    }
  };
  return {
    folder,
    mopbench: (...args) => run([path.join(modules, "mopbench", "mopbench.mjs"), ...args]),
    node: (...args) => run(args),
  };
}
