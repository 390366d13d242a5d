import { expect, test } from "vitest";
import { Stream } from "../core/stream.ts";
import { embeddingSet, metricInput, normalRows } from "../testing/metrics/input.ts";
import type { NoValue, OwnerShares } from "./evidence.ts";
import { ownerTv } from "./owner-tv.ts";

const set = embeddingSet(normalRows(3, 2, 1));
const of = (found: readonly OwnerShares[] | NoValue) =>
  ownerTv.compute(metricInput(set, set, { "owner-shares": () => found }), Stream.root(0));
const shown = (first: number): OwnerShares => ({ shown: [first, 1 - first], population: [0.25, 0.75] });

test("owner-tv is the mean over contexts of half the differences between who is shown and who is asked", async () => {
  expect(await of([shown(0.5), shown(1), shown(0.25)])).toMatchObject({
    value: (0.25 + 0.75 + 0) / 3,
    settings: { contexts: 3 },
  });
});

test("owner-tv hands on why it is not known", async () => {
  expect(await of({ reason: "zero-shot shows no exemplars." })).toEqual({
    value: null,
    reason: "zero-shot shows no exemplars.",
  });
  expect(await of([])).toMatchObject({ value: null, reason: "No context was asked for." });
});
