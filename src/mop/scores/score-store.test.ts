import { appendFile, cp, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { failingDisk } from "../../testing/failing-disk.ts";
import { NO_FILES, putInPlace } from "../../testing/in-its-place.ts";
import { testFolder } from "../../testing/test-folder.ts";
import { ScoreStore } from "./score-store.ts";

let dir = "";
beforeEach(() => {
  dir = testFolder();
});

const body = () => path.join(dir, "scores.bin");

/** A store, and how many bytes of it are with the system. */
async function opened(key = "k") {
  const store = await ScoreStore.open(dir, "scores", { key }, { records: 500, pairs: 10 });
  return { store, bytes: async () => (await stat(body())).size };
}

const score = (total: number) => ({ total, tokens: 3 });

describe("ScoreStore", () => {
  it("keeps each score, failures too, and has them when it is opened again", async () => {
    const { store } = await opened();
    await store.add(0, 7, score(-1.25));
    await store.add(400, 2, score(Number.NEGATIVE_INFINITY));
    await store.close();
    const { store: again } = await opened();
    expect(again.size).toBe(2);
    expect(again.get(0, 7)).toEqual(score(-1.25));
    expect(again.get(400, 2)).toEqual(score(Number.NEGATIVE_INFINITY));
    expect(again.get(400, 3)).toBeUndefined();
    await again.close();
  });

  it("has handed each score to the system before it takes it for kept", async () => {
    const { store, bytes } = await opened();
    for (let pair = 0; pair < 5; pair++) {
      await store.add(0, pair, score(-pair));
      expect(await bytes()).toBe((pair + 1) * 24);
    }
    await store.close();
  });

  it("keeps nothing more once a write has failed", async () => {
    const { store } = await opened();
    await store.add(0, 0, score(-1));
    const { failed, mend } = failingDisk("write", "ENOSPC", () => true);
    await expect(store.add(0, 1, score(-2))).rejects.toThrow(/ENOSPC/);
    mend();
    await expect(store.add(0, 2, score(-3))).rejects.toThrow(/ENOSPC/);
    expect(failed()).toBe(1);
    await expect(store.close()).rejects.toThrow(/ENOSPC/);
    const { store: again } = await opened();
    expect(again.size).toBe(1);
    await again.close();
  });

  it.each<[string, (bytes: Buffer) => Buffer, readonly number[]]>([
    ["a torn entry", (bytes) => bytes.subarray(0, -5), [4]],
    ["a flipped bit in the last entry", (bytes) => Buffer.from(bytes.with(110, bytes[110]! ^ 4)), [4]],
    ["a flipped bit in the first", (bytes) => Buffer.from(bytes.with(9, bytes[9]! ^ 128)), [0]],
    ["an entry in the middle", (bytes) => Buffer.concat([bytes.subarray(0, 48), bytes.subarray(72)]), [2]],
    ["some bytes of one", (bytes) => Buffer.concat([bytes.subarray(0, 50), bytes.subarray(57)]), [2]],
    [
      "nothing where some bytes are too many",
      (bytes) => Buffer.concat([bytes.subarray(0, 53), bytes.subarray(30)]),
      [],
    ],
    ["what zeros took", (bytes) => Buffer.from(bytes.fill(0, 30, 60)), [1, 2]],
    ["everything", () => Buffer.alloc(0), [0, 1, 2, 3, 4]],
  ])("loses %s and no other, and goes on", async (_, damage, lost) => {
    const { store } = await opened();
    const pairs = [0, 1, 2, 3, 4];
    for (const pair of pairs) await store.add(pair, pair, score(-pair - 0.5));
    await store.close();
    await writeFile(body(), damage(await readFile(body())));
    const { store: again } = await opened();
    expect(pairs.filter((pair) => again.get(pair, pair) === undefined)).toEqual(lost);
    expect(again.size).toBe(5 - lost.length);
    for (const pair of lost) await again.add(pair, pair, score(-pair - 0.5));
    await again.close();
    const { store: last, bytes } = await opened();
    expect(pairs.map((pair) => last.get(pair, pair)?.total)).toEqual([-0.5, -1.5, -2.5, -3.5, -4.5]);
    expect(await bytes()).toBe(5 * 24);
    await last.close();
  });

  it.each(Object.keys(NO_FILES).filter((what) => what !== "a folder"))("begins anew where %s is", async (what) => {
    await putInPlace(what, body());
    await putInPlace(what, path.join(dir, "scores.json"));
    const { store, bytes } = await opened();
    await store.add(0, 1, score(-1));
    await store.close();
    expect(await bytes()).toBe(24);
  });

  it.each(["", "{}", '{"schema": 3, "hash": "0000"}'])("believes no head: %s", async (head) => {
    const { store } = await opened();
    await store.add(0, 1, score(-1));
    await store.close();
    const file = path.join(dir, "scores.json");
    const before = await readFile(file, "utf8");
    await writeFile(file, head);
    const { store: again } = await opened();
    expect(again.get(0, 1)).toEqual(score(-1));
    await again.close();
    expect(await readFile(file, "utf8")).toBe(before);
  });

  it("takes nothing of another fit's body beside its own head", async () => {
    const { store } = await opened("mine");
    await store.add(0, 1, score(-1));
    await store.close();
    const head = path.join(dir, "scores.json");
    await cp(head, `${head}.mine`);
    const { store: other } = await opened("another's");
    await other.add(0, 1, score(-7));
    await other.close();
    await cp(`${head}.mine`, head);
    const { store: again } = await opened("mine");
    expect(again.size).toBe(0);
    await again.close();
  });

  it("begins afresh for another key, and drops what is no entry", async () => {
    const { store } = await opened();
    await store.add(0, 1, score(-1));
    await store.close();
    const { store: other } = await opened("another");
    expect(other.size).toBe(0);
    await other.close();
    await appendFile(path.join(dir, "scores.bin"), Buffer.alloc(24));
    const { store: foreign } = await opened("another");
    expect(foreign.size).toBe(0);
    await foreign.close();
  });
});
