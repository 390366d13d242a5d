import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { completionsServer } from "../../../tests/support/completions-server.ts";
import { tinyLlama } from "../../../tests/support/tiny-llama.ts";
import { testFolder } from "../../storage/test-folder.ts";
import { openai } from "../openai/openai.ts";
import { gguf } from "./gguf.ts";
import { stopAt } from "./stop.ts";

const resolve = createRequire(import.meta.url).resolve;
const installed = (() => {
  try {
    return resolve("node-llama-cpp") !== "";
  } catch {
    return false;
  }
})();
const skipped = installed ? "" : " (skipped: node-llama-cpp is not installed: make peers)";

const model = tinyLlama();
const folder = testFolder({ "tiny.gguf": model.file });

const environment = () => ({
  id: "m",
  dataset: "d",
  background: [],
  env: {},
  baseDir: folder,
  offline: false,
  probe: true,
});
const prompt = {
  content: { context: { text: "", label: null }, persona: null, exemplars: [] },
  instruction: "Write a review.",
  persona: "",
  example: "",
  task: "Your review: t",
  hash: "h",
};

describe.skipIf(!installed)(`gguf provider${skipped}`, () => {
  it("scores as an HTTP server does with the same file, within 1e-3 a token", async () => {
    const server = await completionsServer(model);
    const inProcess = await gguf.bind({ path: "tiny.gguf" }).create(environment());
    const behindHttp = await openai
      .bind({ model: "tiny", baseUrl: server.baseUrl, api: "completions" })
      .create(environment());
    for (const continuation of ["he soup and the bread were fine", "\u00e9\u65e5 ok"]) {
      const [a, b] = [
        await inProcess.score?.({ prompt, continuation }),
        await behindHttp.score?.({ prompt, continuation }),
      ];
      expect(a?.tokens.length).toBe(b?.tokens.length);
      for (const [i, value] of a?.tokens.entries() ?? []) expect(Math.abs(value - b!.tokens[i]!)).toBeLessThan(1e-3);
    }
    await Promise.all([server.close(), inProcess.close?.()]);
  });

  it("draws by seed", async () => {
    const opened = await gguf.bind({ path: "tiny.gguf" }).create(environment());
    const draw = (seed: number) =>
      opened.generate({ prompt, decoding: { temperature: 1, topP: 1, maxTokens: 12 }, seed, sampleIndex: 0 });
    expect((await draw(1)).text).toBe((await draw(1)).text);
    expect((await draw(1)).text).not.toBe((await draw(2)).text);
    await opened.close?.();
  });
});

describe("gguf files", () => {
  it("names a missing file and one of another kind", async () => {
    await writeFile(path.join(folder, "notes.gguf"), "not a model");
    await expect(gguf.bind({ path: "notes.gguf" }).create(environment())).rejects.toThrow(/not a GGUF file/);
    await expect(gguf.bind({ path: "none.gguf" }).create(environment())).rejects.toThrow(/there is no file/);
  });
});

it("cuts at the first stop string", () => {
  expect(stopAt("one\n\ntwo###", ["###", "\n\n"])).toEqual({ text: "one", stopped: true });
  expect(stopAt("one", ["\n\n"])).toEqual({ text: "one", stopped: false });
});
