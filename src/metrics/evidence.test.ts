import { expect, test } from "vitest";
import { evidenceOf } from "./evidence.ts";

test("evidence is made when first asked for, and once", () => {
  let made = 0;
  const evidence = evidenceOf({
    exemplars: () => {
      made += 1;
      return ["one"];
    },
  });
  expect(made).toBe(0);
  expect(evidence("exemplars")).toBe(evidence("exemplars"));
  expect(made).toBe(1);
});

test("what is not offered, and what is not known, has a reason", () => {
  const evidence = evidenceOf({ "owner-shares": () => ({ reason: "Nobody was asked." }) });
  expect(evidence("owner-shares")).toEqual({ reason: "Nobody was asked." });
  expect(evidence("train")).toEqual({ reason: "Needs training texts with class labels." });
});
