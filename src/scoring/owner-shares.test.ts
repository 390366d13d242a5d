import { expect, it } from "vitest";
import type { Truth } from "../data/dataset.ts";
import { ownerShares } from "./owner-shares.ts";

it("has no value for exemplars of other people, whose owners nobody knows", () => {
  const truth: Truth = {
    owners: ["a", "b"],
    weights: () => Float64Array.of(0.5, 0.5),
    ownerOf: (id) => {
      throw new Error(`Nobody knows ${id}.`);
    },
  };
  const context = { text: "a place", label: null };
  const fitted = {
    realTextsSeen: 1,
    summary: "",
    exemplars: [{ id: "others-0", context, text: "one" }],
    fill: () => Promise.reject(new Error("No text is asked for.")),
  };
  expect(ownerShares(fitted, truth, [context])).toEqual({ reason: "Its exemplars are none of this data set." });
});
