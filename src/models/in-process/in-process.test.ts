import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { completionsServer } from "../../../tests/support/completions-server.ts";
import { BOS, tinyLlama } from "../../../tests/support/tiny-llama.ts";
import { InputError } from "../../core/errors.ts";
import { probing } from "../../models/layers/probing.ts";
import { callServices } from "../../testing/call-services.ts";
import { NO_FILES, putInPlace } from "../../testing/in-its-place.ts";
import { testFolder } from "../../testing/test-folder.ts";
import { openai } from "../openai/openai.ts";
import { plainPrompt } from "../render.ts";
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
  probe: probing(callServices(), undefined),
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

/** Scores by the plain forward pass: log p of each id after the first `from`. */
const exactly = (by: typeof model, ids: readonly number[], from: number): number[] =>
  by
    .forward(ids)
    .slice(from - 1, -1)
    .map((row, i) => row[ids[from + i]!]!);

describe.skipIf(!installed)(`gguf prompts${skipped}`, () => {
  const continuation = "he soup was fine";
  const within = (scored: Float64Array | undefined, expected: readonly number[]) => {
    expect(scored?.length).toBe(expected.length);
    for (const [i, value] of expected.entries())
      expect(Math.abs((scored?.[i] ?? Number.NaN) - value)).toBeLessThan(1e-3);
  };

  it("begin with one BOS where the chat template brings it, and score the end of the turn", async () => {
    const chatml = tinyLlama(42, "chatml");
    await writeFile(path.join(folder, "chatml.gguf"), chatml.file);
    const opened = await gguf.bind({ path: "chatml.gguf" }).create(environment());
    expect(opened.can).toMatchObject({ chat: true, endLogprobs: true });
    expect(opened.scoring).toEqual({ begin: null, end: "<|im_end|>", asItAnswers: true });
    const before = chatml.tokenize(
      "<|im_start|>system\nWrite a review.<|im_end|>\n<|im_start|>user\nYour review: t<|im_end|>\n<|im_start|>assistant\n",
    );
    expect([before[0] === BOS, before[1] === BOS]).toEqual([true, false]);
    const scored = await opened.score?.({ prompt, continuation });
    const whole = chatml.tokenize(
      `<|im_start|>system\nWrite a review.<|im_end|>\n<|im_start|>user\nYour review: t<|im_end|>\n<|im_start|>assistant\n${continuation}<|im_end|>`,
    );
    within(scored?.tokens, exactly(chatml, whole, whole.length - (scored?.tokens.length ?? 0)));
    const answer = await opened.generate({
      prompt,
      decoding: { temperature: 1, topP: 1, maxTokens: 4 },
      seed: 1,
      sampleIndex: 0,
    });
    expect(answer.tokensIn).toBe(before.length);
    await opened.close?.();
  });

  it("begin with one BOS where the tokenizer adds it, and score the end of the text", async () => {
    const opened = await gguf.bind({ path: "tiny.gguf" }).create(environment());
    expect(opened.scoring).toEqual({ begin: null, end: "</s>", asItAnswers: true });
    const [before, whole] = ["", `${continuation}</s>`].map((text) => model.tokenize(plainPrompt(prompt) + text));
    const [withEnd, without] = [
      await opened.score?.({ prompt, continuation }),
      await opened.score?.({ prompt, continuation, end: false }),
    ];
    within(withEnd?.tokens, exactly(model, whole!, before!.length));
    expect(without?.tokens.length).toBe((withEnd?.tokens.length ?? 0) - 1);
    const decoding = { temperature: 1, topP: 1, maxTokens: 4 };
    expect((await opened.generate({ prompt, decoding, seed: 1, sampleIndex: 0 })).tokensIn).toBe(before!.length);
    await opened.close?.();
  });
});

describe("gguf files", () => {
  it("names a missing file and one of another kind", async () => {
    await writeFile(path.join(folder, "notes.gguf"), "not a model");
    await expect(gguf.bind({ path: "notes.gguf" }).create(environment())).rejects.toThrow(/not a GGUF file/);
    await expect(gguf.bind({ path: "none.gguf" }).create(environment())).rejects.toThrow(/There is no file/);
  });

  it.each(Object.keys(NO_FILES))("says so where %s is named", async (what) => {
    await putInPlace(what, path.join(folder, "odd.gguf"));
    const opening = gguf.bind({ path: "odd.gguf" }).create(environment());
    await expect(opening).rejects.toThrow(InputError);
    await expect(opening).rejects.toThrow(/^Model `m`: .*odd\.gguf is a (folder|pipe or a device); a file is needed/);
  });
});

it("cuts at the first stop string", () => {
  expect(stopAt("one\n\ntwo###", ["###", "\n\n"])).toEqual({ text: "one", stopped: true });
  expect(stopAt("one", ["\n\n"])).toEqual({ text: "one", stopped: false });
});
