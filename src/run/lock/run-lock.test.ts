import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { InputError, RunFailedError } from "../../core/errors.ts";
import { Stream } from "../../core/stream.ts";
import { disk } from "../../storage/disk.ts";
import { seal } from "../../storage/sealed.ts";
import { testFolder } from "../../testing/test-folder.ts";
import { fateOf, type Holder, ownHolder } from "./holder.ts";
import { RunLock } from "./run-lock.ts";

const NOW = Date.UTC(2026, 10, 30, 12);
const lockOf = (folder: string) => path.join(folder, "run.lock");
const put = (file: string, holder: Holder) => writeFile(file, seal(JSON.stringify(holder)));
const take = (folder: string) => RunLock.take(folder, "runs/r", NOW);

let dir = "";
beforeEach(() => {
  dir = testFolder();
});

/** This process as a holder, with changes. */
async function holder(changes: Partial<Holder> = {}): Promise<Holder> {
  return { ...(await ownHolder(token(1), NOW)), ...changes };
}

const token = (n: number) => n.toString(16).padStart(32, "0");

/** The number of a process that has ended. */
async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "close");
  return child.pid ?? 0;
}

describe("the lock of a run's folder", () => {
  it("is one file, held by one, and gone when it is let go", async () => {
    const lock = await take(dir);
    expect(await readdir(dir)).toEqual(["run.lock"]);
    await expect(take(dir)).rejects.toThrow(InputError);
    await expect(take(dir)).rejects.toThrow(`runs/r is being written by this very process (process ${process.pid} on `);
    await expect(RunLock.refuseHeld(dir, "runs/r")).rejects.toThrow(/since 2026-11-30T12:00:00\.000Z\)\. Wait until/);
    expect(await readdir(dir)).toEqual(["run.lock"]);
    await lock.release();
    expect(await readdir(dir)).toEqual([]);
    await (await take(dir)).release();
  });

  it("of a process that has ended is taken over at once", async () => {
    await put(lockOf(dir), await holder({ pid: await endedPid() }));
    const lock = await take(dir);
    await lock.check();
    expect(await readdir(dir)).toEqual(["run.lock"]);
    await lock.release();
    expect(await readdir(dir)).toEqual([]);
  });

  it.runIf(process.platform === "linux")(
    "knows a later process of the same number, and a later start of the machine",
    async () => {
      const own = await holder();
      expect(await fateOf(own)).toBe("alive");
      expect(await fateOf({ ...own, began: "1" })).toBe("dead");
      expect(await fateOf({ ...own, boot: "another" })).toBe("dead");
      expect(await fateOf({ ...own, began: null })).toBe("perhaps");
      expect(await fateOf({ ...own, space: "pid:[1]" })).toBe("elsewhere");
      expect(await fateOf({ ...own, host: "renamed" })).toBe("alive");
      expect(await fateOf({ ...own, boot: "another", host: "another" })).toBe("elsewhere");
      expect(await fateOf({ ...own, boot: "another", machine: "its clone" })).toBe("elsewhere");
    },
  );

  it.runIf(process.platform === "linux")("takes a zombie for a process that has ended", async () => {
    // A child of the shell ends once the shell has become a program that never asks how.
    const script = "cat <&3 & echo $!; exec sleep 60";
    const child = spawn("sh", ["-c", script], { stdio: ["ignore", "pipe", "ignore", "pipe"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    const [line] = child.stdout === null ? [] : await once(child.stdout, "data");
    const pid = Number(String(line));
    while (!(await readFile(`/proc/${child.pid}/comm`, "utf8")).includes("sleep")) await new Promise(setImmediate);
    child.stdio[3]?.destroy();
    const stat = () => readFile(`/proc/${pid}/stat`, "utf8");
    while (!(await stat()).includes(") Z")) await new Promise(setImmediate);
    const began = (await stat()).split(") ")[1]?.split(" ")[19] ?? "";
    expect(await fateOf(await holder({ pid, began }))).toBe("dead");
  });

  it("of another machine is refused with what to do", async () => {
    await put(lockOf(dir), await holder({ host: "elsewhere.example", boot: "another", pid: 12 }));
    await expect(take(dir)).rejects.toThrow(InputError);
    await expect(take(dir)).rejects.toThrow(
      "runs/r is being written by another run (process 12 on elsewhere.example, since 2026-11-30T12:00:00.000Z). " +
        "This machine cannot see whether it still runs. If it has ended, remove runs/r/run.lock.",
    );
    expect(await readdir(dir)).toEqual(["run.lock"]);
  });

  it.each([
    ["empty", () => ""],
    ["cut", (text: string) => text.slice(0, 40)],
    ["changed", (text: string) => text.replace(/\d/, (digit) => String((Number(digit) + 1) % 10))],
    ["another file", () => "{}"],
  ])("that is %s is refused with what to do", async (_, damage) => {
    await put(lockOf(dir), await holder({ pid: await endedPid() }));
    await writeFile(lockOf(dir), damage(await readFile(lockOf(dir), "utf8")));
    await expect(take(dir)).rejects.toThrow(InputError);
    await expect(take(dir)).rejects.toThrow(
      /run\.lock is damaged.* If no run is writing to runs\/r, remove that file\./,
    );
  });

  it("does not go round where one of its files was copied over another", async () => {
    const own = await holder({ pid: await endedPid() });
    for (const name of ["run.lock", `run.lock.${own.token}`]) await put(path.join(dir, name), own);
    await expect(take(dir)).rejects.toThrow(/is no lock of its own.*remove that file/);
  });

  it("is taken over after one who was killed as it took over", async () => {
    const pid = await endedPid();
    await put(lockOf(dir), await holder({ pid, token: token(1) }));
    await put(path.join(dir, `run.lock.${token(1)}`), await holder({ pid, token: token(2) }));
    const lock = await take(dir);
    await lock.check();
    expect(await readdir(dir)).toEqual(["run.lock"]);
    await expect(take(dir)).rejects.toThrow(InputError);
  });

  it("is refused while one who is alive takes it over", async () => {
    await put(lockOf(dir), await holder({ pid: await endedPid(), token: token(1) }));
    await put(path.join(dir, `run.lock.${token(1)}`), await holder({ token: token(2) }));
    await expect(take(dir)).rejects.toThrow(/being written by/);
  });

  it("is had by one of many who find it stale in the same moment, whatever the order of their steps", async () => {
    const pid = await endedPid();
    for (let trial = 0; trial < 30; trial++) {
      const folder = testFolder();
      const random = Stream.root(trial).derive("race");
      if (trial % 3 > 0) await put(lockOf(folder), await holder({ pid, token: token(1) }));
      if (trial % 3 > 1) await put(path.join(folder, `run.lock.${token(1)}`), await holder({ pid, token: token(2) }));
      const late = async () => {
        for (let turns = random.int(6); turns > 0; turns--) await new Promise(setImmediate);
      };
      const { link, rename: move } = { ...disk };
      const spies = [
        vi.spyOn(disk, "link").mockImplementation(async (from, to) => late().then(() => link(from, to))),
        vi.spyOn(disk, "rename").mockImplementation(async (from, to) => late().then(() => move(from, to))),
      ];
      let [held, most, had] = [0, 0, 0];
      const one = async () => {
        await late();
        const lock = await take(folder).catch((error: unknown) => {
          if (error instanceof InputError) return null; // refused
          throw error;
        });
        if (lock === null) return;
        held += 1;
        had += 1;
        most = Math.max(most, held);
        await late();
        await lock.check(); // nobody took it away
        held -= 1;
        await lock.release();
      };
      await Promise.all(Array.from({ length: 6 }, one));
      for (const spy of spies) spy.mockRestore();
      expect({ trial, most, some: had > 0 }).toEqual({ trial, most: 1, some: true });
      expect(await readdir(folder)).toEqual([]);
    }
  });

  it("is held without hard links too", async () => {
    for (const code of ["EPERM", "ENOTSUP"]) {
      const spy = vi.spyOn(disk, "link");
      spy.mockImplementation(async () => Promise.reject(Object.assign(new Error(code), { code })));
      const lock = await take(dir);
      await expect(take(dir)).rejects.toThrow(InputError);
      await lock.release();
      spy.mockRestore();
      expect(await readdir(dir)).toEqual([]);
    }
  });

  it.each<[string, (folder: string) => Promise<unknown>]>([
    ["removed", (folder) => rm(folder, { recursive: true })],
    ["moved", (folder) => rename(folder, `${folder}-moved`)],
    ["removed and made again", (folder) => rm(folder, { recursive: true }).then(() => mkdir(folder))],
    [
      "replaced by its copy",
      async (folder) => {
        await cp(folder, `${folder}-copy`, { recursive: true });
        await rename(folder, `${folder}-moved`);
        await rename(`${folder}-copy`, folder);
      },
    ],
    ["without its lock", (folder) => rm(lockOf(folder))],
  ])("knows that its folder was %s, and makes nothing there", async (_, harm) => {
    const folder = path.join(dir, "r");
    await mkdir(folder);
    const lock = await take(folder);
    await harm(folder);
    const before = await readdir(dir, { recursive: true });
    await expect(lock.check()).rejects.toThrow(RunFailedError);
    await expect(lock.makeFolder(path.join(folder, "cells"), "metrics.json")).rejects.toThrow(
      /is no longer the folder/,
    );
    await lock.release();
    expect(await readdir(dir, { recursive: true })).toEqual(before);
  });

  it("knows at the end that something which was written below it is gone", async () => {
    const lock = await take(dir);
    const cell = path.join(dir, "cells", "a");
    await lock.makeFolder(cell, "metrics.json");
    await writeFile(path.join(cell, "metrics.json"), "{}");
    await lock.checkAll();
    await rm(path.join(dir, "cells"), { recursive: true });
    await mkdir(cell, { recursive: true });
    await expect(lock.checkAll()).rejects.toThrow(
      /runs\/r\/cells\/a\/metrics\.json was removed or moved while the run went on/,
    );
  });
});
