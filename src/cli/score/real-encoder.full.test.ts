import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import type { Results } from "../../core/result.ts";
import { testFolder } from "../../testing/test-folder.ts";
import { main } from "../main.ts";

const shared = fileURLToPath(new URL("../../../../shared/", import.meta.url));
const reference = path.join(shared, "golden", "real_encoder.json");
const model = path.join(shared, "models", "all-MiniLM-L6-v2");
const peer = await import("@huggingface/transformers").then(
  () => true,
  () => false,
);

/**
 * This set holds 250 exact duplicates, where MAUVE's k-means hangs on the embeddings' last digits: mauve-text with faiss 1.15.1 gives
 * our value to every digit on our embeddings (0.5739654), and 0.5749703 on those it was run on.
 */
const DUPLICATES = { synthetic: "gen_imdb_fusegen_llama-2-7b-chat-hf", metric: "mauve", tolerance: 2e-3 };

/** One pair of files under all-MiniLM-L6-v2, as the reference packages score it. */
type Pair = { readonly synthetic: string; readonly gold: string; readonly n: number } & {
  readonly [metric: string]: number | string;
};

describe.skipIf(!existsSync(reference) || !existsSync(model) || !peer)(
  "nine pairs of real texts under a real encoder (skipped without ../shared or without @huggingface/transformers)",
  () => {
    const pairs: readonly Pair[] = existsSync(reference) ? JSON.parse(readFileSync(reference, "utf8")).pairs : [];
    let cache = ""; // gold is encoded once for all pairs
    beforeAll(() => {
      cache = testFolder();
    });

    test.each(pairs)("$synthetic against $gold", async (pair) => {
      let [stdout, stderr] = ["", ""];
      const file = (name: string) => path.join(shared, "data", `${name}.jsonl`);
      const exitCode = await main(
        [
          "score",
          ...["--gold", file(pair.gold), "--synthetic", file(pair.synthetic), "--samples", String(pair.n)],
          ...["--encoder", `transformers:${model}`, "--metrics", "alignment,vendi", "--json", "--quiet"],
        ],
        {
          stdout: (text) => {
            stdout += text;
          },
          stderr: (text) => {
            stderr += text;
          },
          terminal: false,
          columns: null,
          env: { MOPBENCH_CACHE: cache },
          cwd: cache,
          signal: new AbortController().signal,
        },
      );
      expect(exitCode, stderr).toBe(0);
      const results: Results = JSON.parse(stdout);
      const row = (metric: string) => results.rows.find((found) => found.metric === metric);
      let compared = 0;
      for (const [name, expected] of Object.entries(pair)) {
        if (typeof expected !== "number" || name === "n") continue;
        const found = name === "vendi_gold" ? row("vendi")?.gold : row(name)?.value;
        expect(found, name).toEqual(expect.any(Number));
        expect(Math.abs(found! - expected), `${name}: ${found}, reference ${expected}`).toBeLessThan(
          (pair.synthetic === DUPLICATES.synthetic && name === DUPLICATES.metric ? DUPLICATES.tolerance : 1e-3) *
            Math.max(1, expected),
        );
        compared += 1;
      }
      expect(compared).toBeGreaterThanOrEqual(12);
    });
  },
);
