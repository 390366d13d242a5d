import { expect, test } from "vitest";
import { Stream } from "../core/stream.ts";
import { embedded, metricInput, normalRows } from "../testing/metrics/input.ts";
import { ownerTv } from "./owner-tv.ts";

const set = embedded(normalRows(3, 2, 1));
const of = (found: { values: readonly number[] } | { reason: string }) =>
  ownerTv.compute(metricInput(set, set, { ownerTv: found }), Stream.root(0));

test("owner-tv is the mean over contexts", async () => {
  expect(await of({ values: [0.25, 0.75, 0.5] })).toMatchObject({ value: 0.5, settings: { contexts: 3 } });
});

test("owner-tv hands on why it is not known", async () => {
  expect(await of({ reason: "zero-shot shows no exemplars." })).toEqual({
    value: null,
    reason: "zero-shot shows no exemplars.",
  });
  expect(await of({ values: [] })).toMatchObject({ value: null, reason: "No context was asked for." });
});
