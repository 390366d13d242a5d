import { expect, test } from "vitest";
import { BoundedMemo } from "./bounded-memo.ts";

/** A memo of texts, one byte a character, and what was made for it. */
function memo(limit: number) {
  const made: string[] = [];
  const kept = new BoundedMemo<string>(limit, (text) => text.length);
  const get = (name: string, size = 10) =>
    kept.get(name, async () => {
      made.push(name);
      return "x".repeat(size);
    });
  return { made, get };
}

test("makes a value once, for askers at the same time too", async () => {
  const { made, get } = memo(100);
  await Promise.all([get("a"), get("a")]);
  await get("a");
  expect(made).toEqual(["a"]);
});

test("drops what was unused longest when there is too much, and makes it again", async () => {
  const { made, get } = memo(25);
  await get("a");
  await get("b");
  await get("a"); // used again, so b is the older now
  await get("c");
  await get("a");
  expect(made).toEqual(["a", "b", "c"]);
  await get("b");
  expect(made).toEqual(["a", "b", "c", "b"]);
});

test("hands out what is larger than all it may keep, and keeps it not", async () => {
  const { made, get } = memo(25);
  expect(await get("big", 99)).toHaveLength(99);
  await get("big", 99);
  expect(made).toEqual(["big", "big"]);
});

test("does not keep a failure", async () => {
  const kept = new BoundedMemo<string>(100, (text) => text.length);
  await expect(
    kept.get("a", async () => {
      throw new Error("not now");
    }),
  ).rejects.toThrow("not now");
  expect(await kept.get("a", async () => "now")).toBe("now");
});
