import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lengthMatched, missing, openMiniLm, realTexts, scoreReal } from "../../tests/support/real-sets.ts";
import type { Encoder } from "../encoders/encoder.ts";
import { testFolder } from "../testing/test-folder.ts";

const N = 1000;
const METRICS =
  "fid,mauve,mauve-c5,frontier-integral,kl-cosine,js-cosine,mmd-rbf,kid,sliced-wasserstein,recall,coverage,precision,density,c2st,share-js,vendi".split(
    ",",
  );

/** Synthetic files from nearest to gold to farthest. */
const SST2 = ["gold_sst2_train", "gen_sst2_fewgen_ctrl", "gen_sst2_supergen_ctrl"];
const IMDB = [
  "gold_imdb_train",
  "gen_imdb_zerogen_gpt2-xl",
  "gen_imdb_fusegen_llama-2-7b-chat-hf",
  "gen_imdb_zerogen_llama-2-7b-chat-hf",
  "gen_imdb_zerogen_gpt-3.5-turbo-instruct",
];
/** Metrics whose values rank both lists as they are, and at equal lengths (docs/metrics-sense.md). */
const ALWAYS = [
  "fid",
  "mauve",
  "mauve-c5",
  "frontier-integral",
  "kl-cosine",
  "js-cosine",
  "mmd-rbf",
  "kid",
  "sliced-wasserstein",
  "recall",
  "vendi",
];
/** Metrics that keep the order of IMDB at equal lengths only. */
const LENGTH_MATCHED = ["coverage", "c2st"];

describe.skipIf(missing !== "")(
  `the orders of real texts under a real encoder${missing && ` (skipped: ${missing})`}`,
  () => {
    let encoder: Encoder;
    beforeAll(async () => {
      // Encoding takes minutes: who works on this test keeps the rows in a folder of their own.
      encoder = await openMiniLm(process.env.MOPBENCH_TEST_EMBEDDINGS ?? testFolder());
    });
    afterAll(async () => {
      await encoder.close?.();
    });

    /** By metric, how far each file is from gold: the rank should rise along the list. */
    async function distances(files: readonly string[], gold: string, matched: boolean): Promise<Map<string, number[]>> {
      const found = new Map(METRICS.map((id): [string, number[]] => [id, []]));
      for (const file of files) {
        const plain = [realTexts(file, N), realTexts(gold, N)] as const;
        const [synthetic, reference] = matched ? lengthMatched(...plain) : plain;
        const scored = await scoreReal(METRICS, synthetic, reference, encoder);
        for (const [id, distance] of scored) found.get(id)!.push(distance);
      }
      return found;
    }

    const rises = (values: readonly number[]) => values.every((value, i) => i === 0 || value > values[i - 1]!);

    test("SST-2: people, FewGen, SuperGen; precision and density praise the narrow", async () => {
      for (const matched of [false, true]) {
        const found = await distances(SST2, "gold_sst2_test", matched);
        for (const id of [...ALWAYS, ...LENGTH_MATCHED, "share-js"])
          expect(rises(found.get(id)!), `${id}, matched ${matched}: ${found.get(id)}`).toBe(true);
        for (const id of ["precision", "density"]) expect(rises([...found.get(id)!].reverse()), id).toBe(true);
      }
    });

    test("IMDB as they are: people, GPT-2 XL, FuseGen, Llama 2, GPT-3.5; coverage puts GPT-2 XL behind FuseGen", async () => {
      const found = await distances(IMDB, "gold_imdb_test", false);
      for (const id of ALWAYS) expect(rises(found.get(id)!), `${id}: ${found.get(id)}`).toBe(true);
      expect(found.get("coverage")![1]).toBeGreaterThan(found.get("coverage")![2]!);
      expect(rises(found.get("coverage")!.slice(2))).toBe(true);
    });

    test("IMDB at equal lengths: the same order, coverage's too; GPT-2 XL is nearer, the chat models are not", async () => {
      const found = await distances(IMDB, "gold_imdb_test", true);
      for (const id of [...ALWAYS, ...LENGTH_MATCHED])
        expect(rises(found.get(id)!), `${id}: ${found.get(id)}`).toBe(true);
      expect(found.get("fid")![1]).toBeLessThan(0.16);
      expect(found.get("fid")![4]).toBeGreaterThan(0.6);
      expect(rises([...found.get("density")!.slice(1)].reverse())).toBe(true);
    });
  },
);
