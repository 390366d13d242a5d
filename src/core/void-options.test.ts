import { expect, it } from "vitest";
import { z } from "zod";
import { definer } from "./definition.ts";

const thing = definer<object, string>()({
  summary: "A fake.",
  options: z.strictObject({
    mode: z.enum(["fast", "exact"]).default("fast"),
    digits: z.int().default(3),
    seed: z.int().nullable().default(null),
  }),
  voids: [{ by: ({ mode }) => (mode === "fast" ? "`mode: fast`" : null), options: ["digits", "seed"] }],
  id: () => "thing",
  create: () => "thing",
});

it("an option that does nothing beside another is an error at its key, also where it says the default", () => {
  const both = { mode: "fast", digits: 3 };
  expect(() => thing.bind(both)).toThrow(/`digits` does nothing with `mode: fast`; leave one of them out\./);
  expect(() => thing.bind({ mode: "fast", seed: 0 })).toThrow(/`seed` does nothing/);
});

it("says what to set where the other one was not written", () => {
  expect(() => thing.bind({ digits: 3 })).toThrow(
    /with `mode: fast`; that is what holds here: set `mode` otherwise, or leave `digits` out\./,
  );
});

it("is none where it does something, is not written, or says none", () => {
  expect(thing.bind({}).options).toEqual({ mode: "fast", digits: 3, seed: null });
  expect(thing.bind({ mode: "exact", digits: 5, seed: 1 }).options).toEqual({ mode: "exact", digits: 5, seed: 1 });
  expect(thing.bind({ seed: null }).options).toMatchObject({ seed: null });
  expect(thing.bind({ digits: undefined }).options).toMatchObject({ digits: 3 });
});
