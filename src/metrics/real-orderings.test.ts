import { describe, expect, test } from "vitest";
import { lengthMatched, missing, openMiniLm, realTexts, scoreReal } from "../../tests/support/real-sets.ts";

test("length-matched sets have equal token counts, each text the beginning of its own", () => {
  const [a, b] = lengthMatched(["one two three four", "one"], ["x", "x y z", "x y"].slice(0, 2));
  expect(a).toEqual(["one", "one two three"]);
  expect(b).toEqual(["x", "x y z"]);
});

/** The short one of real-orderings.full.test.ts. */
describe.skipIf(missing !== "")(`real texts under a real encoder${missing && ` (skipped: ${missing})`}`, () => {
  test("SST-2: people are nearer to people than FewGen, FewGen than SuperGen", async () => {
    const encoder = await openMiniLm(null);
    const n = 100;
    const metrics = ["fid", "mauve", "mmd-rbf", "recall", "coverage", "vendi"];
    const gold = realTexts("gold_sst2_test", n);
    const found: Map<string, number>[] = [];
    for (const file of ["gold_sst2_train", "gen_sst2_fewgen_ctrl", "gen_sst2_supergen_ctrl"])
      found.push(await scoreReal(metrics, realTexts(file, n), gold, encoder));
    await encoder.close?.();
    for (const id of metrics) {
      const [people, fewgen, supergen] = found.map((distances) => distances.get(id)!);
      expect(people, id).toBeLessThan(fewgen!);
      expect(fewgen, id).toBeLessThan(supergen!);
    }
  });
});
