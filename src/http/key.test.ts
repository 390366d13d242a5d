import { describe, expect, it } from "vitest";
import { InputError } from "../core/errors.ts";
import { readKey } from "./key.ts";

const read = (key: string) => readKey("openai:m", "MY_KEY", { env: { MY_KEY: key } });

describe("readKey", () => {
  it("leaves out what surrounds the key", () => {
    expect(read(" sk-test\r\n")).toBe("sk-test");
    expect(read("clé")).toBe("clé");
  });

  it("says of a key that answers are not searched for it, without showing it", () => {
    const warned: string[] = [];
    const warn = (message: string) => void warned.push(message);
    for (const key of ["tea", " placeholder ", "sk-12345"])
      readKey("openai:m", "MY_KEY", { env: { MY_KEY: key }, warn });
    expect(warned).toEqual([
      expect.stringMatching(/`openai:m`: .*MY_KEY.*fewer than 8 characters/),
      expect.stringMatching(/MY_KEY.*ordinary word/),
    ]);
    expect(warned.join()).not.toMatch(/tea|placeholder/);
  });

  it.each([
    ["secret\nmore", /MY_KEY .*line break/],
    ["secret\rmore", /MY_KEY .*line break/],
    ["secret\u0000more", /MY_KEY .*control character/],
    ["secret\u007fmore", /MY_KEY .*control character/],
    ["secret\u2013more", /MY_KEY .*above U\+00FF/],
    ["secret\u{1f511}more", /MY_KEY .*above U\+00FF/],
    ["  ", /MY_KEY .*empty/],
  ])("refuses %j, which no header can hold, without showing it", (key, message) => {
    const caught = (() => {
      try {
        return read(key);
      } catch (error) {
        return error;
      }
    })();
    expect(caught).toBeInstanceOf(InputError);
    expect(String(caught)).toMatch(message);
    expect(String(caught)).not.toMatch(/secret|more/);
  });
});
