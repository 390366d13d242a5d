import { CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import {
  CallError,
  CheckFailedError,
  INTERNAL_ERROR,
  InputError,
  InterruptedError,
  RunFailedError,
} from "../core/errors.ts";
import { explain } from "./failure.ts";

describe("explain", () => {
  it.each([
    [new CheckFailedError("a gate"), 1],
    [new InputError("wrong"), 2],
    [new RunFailedError("down"), 3],
    [new CallError("auth", "no key"), 3],
    [new InterruptedError("stopped"), 130],
  ])("gives an error of ours its message alone and its exit code: %s", (error, exitCode) => {
    expect(explain(error)).toEqual({ exitCode, message: `mopbench: ${error.message}` });
  });

  it("keeps what a message quotes in its line, and the lines of several problems apart", () => {
    const quoted = new InputError("no column `a\nmopbench: all is well\r\nb\rc`.\n");
    expect(explain(quoted).message).toBe("mopbench: no column `a\\nmopbench: all is well\\nb\\nc`.");
    const several = new InputError(["c.yaml:1:1: `x\ny`", "c.yaml:2:1: z"]);
    expect(several.message).toBe("c.yaml:1:1: `x\ny`\nc.yaml:2:1: z");
    expect(explain(several).message).toBe("mopbench: c.yaml:1:1: `x\\ny`\nc.yaml:2:1: z");
    const file = Object.assign(new Error("ENOENT: ..."), { code: "ENOENT", path: "/a\nb" });
    expect(explain(file).message).toBe("mopbench: /a\\nb: no such file or folder.");
    expect(explain(new CallError("server", "it says\nfake: line")).message).toBe("mopbench: it says\\nfake: line");
  });

  it("takes commander's errors for wrong input and leaves their message to commander", () => {
    expect(explain(new CommanderError(1, "commander.unknownOption", "no"))).toEqual({ exitCode: 2, message: null });
    expect(explain(new CommanderError(0, "commander.helpDisplayed", "help"))).toEqual({ exitCode: 0, message: null });
  });

  it("says what is wrong with the user's disk", () => {
    const missing = Object.assign(new Error("ENOENT: ..."), { code: "ENOENT", path: "/a/b.csv" });
    expect(explain(missing)).toEqual({ exitCode: 2, message: "mopbench: /a/b.csv: no such file or folder." });
    for (const code of ["ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EIO"])
      for (const more of [{ path: "/a" }, {}])
        expect(explain(Object.assign(new Error(code), { code, ...more })).exitCode).toBe(3);
  });

  it("keeps the stack of a bug, under an exit code of its own", () => {
    const { exitCode, message } = explain(new TypeError("x is not a function"));
    expect(exitCode).toBe(INTERNAL_ERROR);
    expect(message).toMatch(/internal error[\s\S]*x is not a function\n {4}at /);
  });
});
