import { describe, expect, it } from "vitest";
import { Lru } from "./lru.ts";

describe("Lru", () => {
  it("makes a value once while it is kept, and forgets the one used longest ago", () => {
    const made: string[] = [];
    const lru = new Lru<string, number>(2);
    const get = (key: string) =>
      lru.getOrMake(key, () => {
        made.push(key);
        return key.length;
      });
    for (const key of ["a", "bb", "a", "ccc", "a", "bb"]) expect(get(key)).toBe(key.length);
    expect(made).toEqual(["a", "bb", "ccc", "bb"]);
    expect(lru.size).toBe(2);
  });
});
