import { randomBytes } from "node:crypto";
import path from "node:path";
import { InputError, RunFailedError } from "../../core/errors.ts";
import { writeNew } from "../../storage/atomic.ts";
import { disk, identityAt, removeFile } from "../../storage/disk.ts";
import { codeOf } from "../../storage/file-problem.ts";
import { readAnyway, readSealed, seal } from "../../storage/sealed.ts";
import { fateOf, type Holder, holderSchema, ownHolder } from "./holder.ts";

/** The file of the lock in a run's folder. */
const LOCK = "run.lock";

/** Whether a file of a run's folder is of its lock: no part of the run. */
export function isOfLock(name: string): boolean {
  return name === LOCK || name.startsWith(`${LOCK}.`);
}

/**
 * One writer a folder. The lock is a file that says who holds it; that of a process that has ended is taken over at once.
 *
 * A file is claimed by giving it a name that nobody has (link(2)), whole: it is never seen half written. Who takes over after a
 * holder has its claim at a name made of that holder's token, which only one can have, and the claim counts if the dead one's file
 * still stands where it stood; only then the claim takes its place. So of several that find the same dead holder one takes
 * over, and if it is killed in the middle, the next one takes over after it in the same way.
 */
export class RunLock {
  readonly #dir: string;
  readonly #shown: string;
  readonly #content: string;
  readonly #identity: string;
  readonly #files: string[] = [];
  #released = false;

  /** @param content of the file: another run's is not the same, and a copy of it has not the same `identity` */
  private constructor(dir: string, shown: string, content: string, identity: string) {
    this.#dir = dir;
    this.#shown = shown;
    this.#content = content;
    this.#identity = identity;
  }

  /**
   * Takes the lock of a folder that is there.
   * @param shown the folder as the user would type it
   * @param now milliseconds since 1970
   * @throws InputError when it is held, saying by whom; what the disk throws when the folder cannot be written
   */
  static async take(dir: string, shown: string, now: number): Promise<RunLock> {
    const token = randomBytes(16).toString("hex");
    const own = await ownHolder(token, now);
    const claim = path.join(dir, `${LOCK}.${token}.tmp`);
    try {
      const content = seal(`${JSON.stringify(own, null, 1)}\n`);
      await writeNew(claim, content);
      for (;;) {
        const dead = await holdersOf(dir, shown);
        await refuseHeld(dead, shown);
        const last = dead.at(-1);
        const name = path.join(dir, last === undefined ? LOCK : nameAfter(last));
        if (!(await claimed(claim, name, content))) continue; // another was faster: see who
        if (last !== undefined && !(await tookPlaceOf(dead, own, dir, shown))) continue;
        const identity = await identityAt(path.join(dir, LOCK));
        if (identity === null) throw new RunFailedError(`${shown} was removed or moved as it was to be written.`);
        return new RunLock(dir, shown, content, identity);
      }
    } finally {
      await removeFile(claim);
    }
  }

  /** Writes nothing. @throws InputError when the lock of a folder is held, saying by whom */
  static async refuseHeld(dir: string, shown: string): Promise<void> {
    await refuseHeld(await holdersOf(dir, shown), shown);
  }

  /** Whether the folder is still the one that was locked. @throws RunFailedError when it was removed, moved or replaced, or the lock was */
  async check(): Promise<void> {
    if (await this.#isHeld()) return;
    throw new RunFailedError(
      `${this.#shown} is no longer the folder that this run writes to: it was removed, moved or replaced, or its ${LOCK} was. ` +
        "Nothing more is written. Where the folder is still somewhere, go on with it: --resume and its path now.",
    );
  }

  /**
   * Makes a folder below the one that is locked, which is not made again where it is gone.
   * @param commit the file that will finish what is written there
   * @throws as `check`
   */
  async makeFolder(dir: string, commit: string): Promise<void> {
    await this.check();
    await disk.makeFolder(dir);
    this.#files.push(path.join(dir, commit));
  }

  /** At the end: as `check`, and whether what was written into each folder that `makeFolder` made is still there. */
  async checkAll(): Promise<void> {
    await this.check();
    for (const file of this.#files) {
      if ((await identityAt(file)) !== null) continue;
      const name = path.join(this.#shown, path.relative(this.#dir, file));
      throw new RunFailedError(`${name} was removed or moved while the run went on.`);
    }
  }

  /** Lets go of the folder. Another's lock in the same place stays. */
  async release(): Promise<void> {
    if (this.#released) return;
    const held = await this.#isHeld();
    this.#released = true;
    if (held) await removeFile(path.join(this.#dir, LOCK));
  }

  async #isHeld(): Promise<boolean> {
    if (this.#released) return false;
    const file = path.join(this.#dir, LOCK);
    const content = (await readAnyway(file))?.toString();
    return content === this.#content && (await identityAt(file)) === this.#identity;
  }
}

function nameAfter({ token }: Holder): string {
  return `${LOCK}.${token}`;
}

/** The holder, and those who were about to take over after it, each after the one before. */
async function holdersOf(dir: string, shown: string): Promise<Holder[]> {
  const holders: Holder[] = [];
  for (let name: string = LOCK; ; name = nameAfter(holders.at(-1)!)) {
    const file = path.join(dir, name);
    const hint = `If no run is writing to ${shown}, remove that file.`;
    const holder = await readSealed(file, holderSchema, path.join(shown, name)).catch((error) => {
      throw error instanceof InputError ? new InputError(`${error.message} ${hint}`, { cause: error }) : error;
    });
    if (holder === null) return holders;
    // Files that were copied over one another could go round in a circle.
    if (holders.some(({ token }) => token === holder.token))
      throw new InputError(`${path.join(shown, name)} is no lock of its own. ${hint}`);
    holders.push(holder);
  }
}

async function refuseHeld(holders: readonly Holder[], shown: string): Promise<void> {
  for (const [i, holder] of holders.entries()) {
    const { pid, host, since } = holder;
    const fate = await fateOf(holder);
    if (fate === "dead") continue;
    const own = pid === process.pid && fate === "alive" ? "this very process" : "another run";
    const who = `process ${pid} on ${host}, since ${since}`;
    const file = path.join(shown, i === 0 ? LOCK : nameAfter(holders[i - 1]!));
    const then = {
      alive: "Wait until it has ended, or name another folder.",
      perhaps: `Wait until it has ended, or name another folder. If process ${pid} is another program by now, remove ${file}.`,
      elsewhere: `This machine cannot see whether it still runs. If it has ended, remove ${file}.`,
    };
    throw new InputError(`${shown} is being written by ${own} (${who}). ${then[fate]}`);
  }
}

/** What file systems without hard links say. */
const NO_LINKS: ReadonlySet<unknown> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

/** Gives a claim a name, where nobody has it. */
async function claimed(claim: string, name: string, content: string): Promise<boolean> {
  try {
    await disk.link(claim, name).catch((error) => {
      if (!NO_LINKS.has(codeOf(error))) throw error;
      return writeNew(name, content); // for a moment it is there and not yet whole: others are refused, none is let in
    });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** The last step of taking over: false where somebody else came before. */
async function tookPlaceOf(dead: readonly Holder[], own: Holder, dir: string, shown: string): Promise<boolean> {
  const name = path.join(dir, nameAfter(dead.at(-1)!));
  const expected = [...dead, own].map(({ token }) => token);
  const found = (await holdersOf(dir, shown)).map(({ token }) => token);
  if (found.join() !== expected.join()) {
    await removeFile(name);
    return false;
  }
  await disk.rename(name, path.join(dir, LOCK));
  for (const holder of dead.slice(0, -1)) await removeFile(path.join(dir, nameAfter(holder)));
  return true;
}
