import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";
import { z } from "zod";
import { sha256 } from "../../core/hash.ts";

/** Who holds a lock: a process, and what tells it from a later one of the same number. */
export const holderSchema = z.object({
  pid: z.int().min(1),
  host: z.string(),
  /** What tells the machine from others of its name; null: the system does not say. */
  machine: z.string().nullable(),
  /** Which start of the machine, and which of its spaces of process numbers (containers have their own); null: the system does not say. */
  boot: z.string().nullable(),
  space: z.string().nullable(),
  /** When the process began, in the system's own count; null: the system does not say. */
  began: z.string().nullable(),
  /** When the lock was taken, ISO 8601. */
  since: z.string(),
  /** Differs for every lock ever taken. */
  token: z.string().regex(/^[0-9a-f]{32}$/),
});

export type Holder = z.infer<typeof holderSchema>;

/** This process as a holder. @param now milliseconds since 1970 */
export async function ownHolder(token: string, now: number): Promise<Holder> {
  return {
    pid: process.pid,
    host: hostname(),
    ...(await placeOf()),
    began: (await stateOf(process.pid))?.began ?? null,
    since: new Date(now).toISOString(),
    token,
  };
}

/**
 * What is known of a holder. `dead`: its process has ended, or its machine was started again since. `elsewhere`: this machine
 * cannot see processes of that one (another host, or another container). `perhaps`: a process of its number is there, and the
 * system does not say whether it is the same.
 */
export async function fateOf(holder: Holder): Promise<"alive" | "dead" | "elsewhere" | "perhaps"> {
  const here = await placeOf();
  const known = holder.boot !== null && here.boot !== null;
  if (!known || holder.boot !== here.boot) {
    // Not this start of this machine: an earlier one, where the name is the same, or another machine.
    if (holder.host !== hostname() || holder.machine !== here.machine) return "elsewhere";
    if (known) return "dead";
  }
  if (holder.space !== here.space) return "elsewhere";
  if (!isThere(holder.pid)) return "dead";
  const state = await stateOf(holder.pid);
  if (state === null || holder.began === null) return "perhaps";
  return state.ended || holder.began !== state.began ? "dead" : "alive";
}

async function placeOf(): Promise<Pick<Holder, "machine" | "boot" | "space">> {
  // machine-id(5): confidential, so that its hash is written down.
  const machine = await readFile("/etc/machine-id", "utf8").catch(() => null);
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => null);
  const space = await readlink("/proc/self/ns/pid").catch(() => null);
  return { machine: machine && sha256(`mopbench ${machine.trim()}`), boot: boot?.trim() ?? null, space };
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is another user's.
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

/** What Linux says of a process in /proc (proc_pid_stat(5): field 3 is its state, field 22 its start in ticks since boot). */
async function stateOf(pid: number): Promise<{ readonly ended: boolean; readonly began: string } | null> {
  const line = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (line === null) return null;
  // The name, field 2, stands in brackets and may hold anything.
  const [state, ...rest] = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const began = rest[18];
  // A zombie has ended; only its parent has not asked yet how.
  return state === undefined || began === undefined ? null : { ended: state === "Z" || state === "X", began };
}
