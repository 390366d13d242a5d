import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { row } from "../core/matrix.ts";
import { testFolder } from "../testing/test-folder.ts";
import { transformers } from "./transformers.ts";

const models = path.resolve(import.meta.dirname, "../../../shared/models");
const installed = (() => {
  try {
    createRequire(import.meta.url).resolve("@huggingface/transformers");
    return true;
  } catch {
    return false;
  }
})();
const missing = installed
  ? existsSync(models)
    ? ""
    : "../shared/models is not here"
  : "the peer is not installed: make peers";

const environment = { id: "minilm", background: [], env: {}, baseDir: models, offline: true };
const bind = (storeDir: string | null) =>
  transformers.bind({ path: "all-MiniLM-L6-v2" }).create({ ...environment, storeDir });

describe.skipIf(missing !== "")(`transformers encoder${missing && ` (skipped: ${missing})`}`, () => {
  const folder = testFolder();

  it("equals sentence-transformers to 1e-5, long texts and the empty one too", async () => {
    const reference = z
      .object({ texts: z.array(z.string()), embeddings: z.array(z.array(z.number())) })
      .parse(JSON.parse(readFileSync(path.join(models, "reference.json"), "utf8")));
    const encoder = await bind(null);
    const encoded = await encoder.encode(reference.texts);
    let worst = 0;
    for (const [i, expected] of reference.embeddings.entries()) {
      const found = row(encoded, i);
      for (const [j, value] of expected.entries()) worst = Math.max(worst, Math.abs(value - found[j]!));
    }
    expect(worst).toBeLessThan(1e-5);
    await encoder.close?.();
  });

  it("gives a text the same bits whatever it is batched with, and from the store", async () => {
    const texts = ["A quiet place.", "We came back twice in one week because of the bread.", "ok", "A loud place."];
    const encoder = await bind(await folder);
    const together = await encoder.encode(texts);
    await encoder.close?.();
    const again = await bind(await folder);
    const stored = await again.encode([...texts].reverse());
    await again.close?.();
    const alone = await bind(null);
    for (const [i, text] of texts.entries()) {
      const single = await alone.encode([text]);
      expect(row(together, i)).toEqual(row(single, 0));
      expect(row(stored, texts.length - 1 - i)).toEqual(row(single, 0));
    }
    await alone.close?.();
  });
});

describe("transformers options", () => {
  it("asks for either a hub id or a folder", () => {
    expect(() => transformers.bind({})).toThrow(/either `model`/);
    expect(transformers.bind(transformers.shorthand?.("org/model")).defaultId).toBe("transformers:org/model");
    expect(transformers.bind(transformers.shorthand?.("./models/mine")).defaultId).toBe("transformers:mine");
  });

  it("names a folder that holds no model", async () => {
    const bound = transformers.bind({ path: "no-such-folder" });
    await expect(bound.create({ ...environment, storeDir: null })).rejects.toThrow(
      installed ? /no config.json in/ : /npm install/,
    );
  });
});
