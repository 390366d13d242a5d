import { expect, test } from "vitest";
import { z } from "zod";
import { Stream } from "../core/stream.ts";
import { fakeMetric } from "../testing/metrics/fake.ts";
import { metricInput } from "../testing/metrics/input.ts";
import { defineMetric } from "./define.ts";
import { evaluate } from "./evaluate.ts";
import { SampleSet } from "./sample-set.ts";

const powers = defineMetric({
  id: "powers",
  name: "Powers",
  meaning: "The size of the set to a power.",
  group: "honesty",
  better: "lower",
  range: [0, 100],
  needs: { texts: true },
  source: "here",
  notes: { defaults: "-", edges: "-", notCopied: "-" },
  floor: false,
  options: z.strictObject({ power: z.int().min(1).default(2).describe("The exponent.") }),
  compute: ({ synthetic }, { power }) =>
    power === 9 ? { value: null, reason: "Too much." } : { value: synthetic.size ** power, settings: { of: "texts" } },
});

const set = new SampleSet({ texts: ["a", "b", "c"] });
const input = metricInput(set, set);
const random = Stream.root(0);

test("a definition is the metric with its default options, and can be bound to others under another id", async () => {
  expect(await powers.compute(input, random)).toEqual({ value: 9, settings: { of: "texts", power: 2 } });
  const cube = powers.with({ power: 3 }, "cube");
  expect(cube).toMatchObject({ id: "cube", name: "Powers, cube", definition: { id: "powers", options: { power: 3 } } });
  expect(await cube.compute(input, random)).toEqual({ value: 27, settings: { of: "texts", power: 3 } });
  expect(await powers.with({ power: 9 }).compute(input, random)).toEqual({ value: null, reason: "Too much." });
});

test("options are checked, unknown ones refused", () => {
  expect(() => powers.with({ power: 0 })).toThrow(z.ZodError);
  expect(() => powers.with({ pow: 3 })).toThrow(z.ZodError);
  expect(() => fakeMetric("plain", () => ({ value: 1 })).with({ seed: 3 })).toThrow(z.ZodError);
  expect(powers.bind({})).toMatchObject({ options: { power: 2 }, defaultId: "powers" });
});

test("the same metric under another id draws the same numbers", async () => {
  const draws = fakeMetric("draws", (_, stream) => ({ value: stream.next() }));
  const [plain, renamed] = await evaluate([draws, draws.with({}, "other")], input, random);
  expect(renamed!.value).toEqual(plain!.value);
});
