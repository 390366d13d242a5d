import { truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { InputError } from "../core/errors.ts";
import { NO_FILES, putInPlace } from "../testing/in-its-place.ts";
import { testFolder } from "../testing/test-folder.ts";
import { byteLines } from "./chained-lines.ts";
import { fileChecksum } from "./checksum.ts";
import { readGiven, readRegular } from "./regular-file.ts";
import { DamagedError, readIfThere, readSealedOrNone } from "./sealed.ts";
import { sealedLines } from "./sealed-lines.ts";

const folder = testFolder({ "a.txt": "abc" });
const at = (name: string) => path.join(folder, name);

describe.each(Object.keys(NO_FILES))("%s", (what) => {
  const file = at(what);
  const words = what === "a folder" ? "is a folder; a file is needed" : "is a pipe or a device; a file is needed";

  it("is refused at once by all that read", async () => {
    await putInPlace(what, file);
    for (const read of [readGiven, readRegular, fileChecksum, (name: string) => byteLines(name).next()]) {
      await expect(read(file)).rejects.toThrow(InputError);
      await expect(read(file)).rejects.toThrow(`${file} ${words}`);
    }
  });

  it("is damage in the place of a file of ours", async () => {
    await putInPlace(what, file);
    await expect(readIfThere(file)).rejects.toThrow(DamagedError);
    await expect(sealedLines(file, "me").next()).rejects.toThrow(InputError);
    expect(await readSealedOrNone(file, z.object({}))).toBeNull();
  });
});

describe("a file that a user names", () => {
  it("is read whole", async () => {
    expect((await readGiven(at("a.txt"), { most: 3 })).toString()).toBe("abc");
  });

  it.each([
    ["none", "There is no file none."],
    ["a.txt/none", "There is no file a.txt/none."],
    ["a\0b", "There is no file a\0b."],
    ["x".repeat(300), /x cannot be read: the name is longer than the disk allows\.$/],
  ])("is said not to be there: %s", async (name, message) => {
    const read = readGiven(at(name), { shown: name });
    await expect(read).rejects.toThrow(InputError);
    await expect(read).rejects.toThrow(message);
  });

  it("is refused unread where it is too large", async () => {
    writeFileSync(at("large"), "");
    truncateSync(at("large"), 8 * 2 ** 30);
    await expect(readGiven(at("large"))).rejects.toThrow(/large is larger than 2048 MB\.$/);
    await expect(readGiven(at("a.txt"), { most: 2 })).rejects.toThrow(/a\.txt is larger than/);
  });

  it("is none where a socket is", async () => {
    const server = createServer().listen(at("s"));
    await new Promise((resolve) => server.once("listening", resolve));
    await expect(readGiven(at("s"))).rejects.toThrow(/is a pipe or a device/);
    await new Promise((resolve) => server.close(resolve));
  });
});
