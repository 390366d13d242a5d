import { expect, it } from "vitest";
import { CallError, InputError, MopbenchError } from "./errors.ts";

it("knows errors of a second copy of this module, and no others", async () => {
  const copy: typeof import("./errors.ts") = await import(`${"./errors.ts"}?copy`);
  expect(copy.InputError).not.toBe(InputError);
  const error = new copy.InputError("wrong");
  expect(error).toBeInstanceOf(InputError);
  expect(error).toBeInstanceOf(MopbenchError);
  expect(error).not.toBeInstanceOf(CallError);
  expect(new CallError("empty", "nothing")).toBeInstanceOf(copy.CallError);
  const other = new Error("wrong");
  other.name = "InputError";
  expect(other).not.toBeInstanceOf(InputError);
});
