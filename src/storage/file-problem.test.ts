import { mkdir } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { testFolder } from "../testing/test-folder.ts";
import { disk } from "./disk.ts";
import { fileProblem } from "./file-problem.ts";

const failed = (code: string, more: object) => Object.assign(new Error(code), { code, ...more });

it.each(["ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EIO", "EMFILE", "ENFILE", "ENOMEM", "ESTALE", "ENXIO", "ETXTBSY"])(
  "says of %s what is wrong with the disk and what to do, and that the same may succeed later",
  (code) => {
    const problem = fileProblem(failed(code, { syscall: "write", path: "/a/b" }));
    expect(problem).toMatchObject({ exitCode: 3, message: expect.stringMatching(/^\/a\/b: .+\. .+\.$/) });
    expect(problem?.message).toBe(`/a/b: ${problem?.reason}.`);
  },
);

it("blames the path where that is wrong, and takes no failure of a socket, a pipe or a program for one of the disk", () => {
  expect(fileProblem(failed("EACCES", { path: "/a" }))).toMatchObject({ exitCode: 2 });
  expect(fileProblem(failed("ECONNRESET", { syscall: "read" }))).toBeNull();
  expect(fileProblem(failed("ECONNREFUSED", { syscall: "connect", path: "/socket" }))).toBeNull();
  expect(fileProblem(failed("EPIPE", { syscall: "write" }))).toBeNull();
  expect(fileProblem(failed("ERR_INVALID_ARG_TYPE", { path: "/a" }))).toBeNull();
  expect(fileProblem(new TypeError("x"))).toBeNull();
});

it("makes folders, and gives the first that was not there", async () => {
  const dir = testFolder();
  const deep = path.join(dir, "a", "b");
  expect(await disk.makeFolder(deep)).toBe(path.join(dir, "a"));
  expect(await disk.makeFolder(deep)).toBeUndefined();
  await mkdir(path.join(dir, "c"));
  const tooLong = path.join(dir, "c", "d", "e".repeat(300));
  await expect(disk.makeFolder(tooLong)).rejects.toMatchObject({ code: "ENAMETOOLONG" });
});

it.runIf(process.platform === "linux")("ends where the system takes no folders", async () => {
  await expect(disk.makeFolder("/proc/mopbench/run")).rejects.toMatchObject({ code: expect.stringMatching(/^E/) });
});
