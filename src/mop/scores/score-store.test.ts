import { appendFile, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { testFolder } from "../../testing/test-folder.ts";
import { ScoreStore } from "./score-store.ts";

let dir = "";
beforeEach(() => {
  dir = testFolder();
});

/** A store whose clock stands still until it is told. */
async function opened(key = "k") {
  const clock = { now: 0 };
  const store = await ScoreStore.open(dir, "scores", { key }, 10, () => clock.now);
  const bytes = async () => (await stat(path.join(dir, "scores.bin"))).size;
  return { store, clock, bytes };
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

  it("writes what is a second old before it takes more, slow scores at once", async () => {
    const { store, clock, bytes } = await opened();
    await store.add(0, 0, score(-1));
    clock.now = 999;
    await store.add(0, 1, score(-2));
    expect(await bytes()).toBe(0);
    clock.now = 1000;
    await store.add(0, 2, score(-3));
    expect(await bytes()).toBe(3 * 24);
    clock.now = 2500;
    await store.add(0, 3, score(-4));
    expect(await bytes()).toBe(4 * 24);
    await store.close();
  });

  it.each([
    ["a torn entry", (body: Buffer) => body.subarray(0, body.length - 5)],
    [
      "a flipped bit in the last entry",
      (body: Buffer) => Buffer.from(body.map((byte, at) => (at === body.length - 10 ? byte ^ 4 : byte))),
    ],
  ])("drops %s and goes on there", async (_, damage) => {
    const { store } = await opened();
    for (const pair of [0, 1, 2]) await store.add(0, pair, score(-pair));
    await store.close();
    const body = path.join(dir, "scores.bin");
    await writeFile(body, damage(await readFile(body)));
    const { store: again } = await opened();
    expect(again.size).toBe(2);
    await again.add(0, 2, score(-2));
    await again.close();
    const { store: last } = await opened();
    expect([0, 1, 2].map((pair) => last.get(0, pair)?.total)).toEqual([-0, -1, -2]);
    await last.close();
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
