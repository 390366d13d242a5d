import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { probing } from "../src/models/layers/probing.ts";
import { openai } from "../src/models/openai/openai.ts";
import { plainPrompt } from "../src/models/render.ts";
import { callServices } from "../src/testing/call-services.ts";
import { testFolder } from "../src/testing/test-folder.ts";
import { mopbench } from "./support/cli.ts";
import { type TinyLlama, tinyLlama } from "./support/tiny-llama.ts";

/** A Python with `llama-cpp-python[server]` installed; outside the repository, so only its user can name it. */
const python = process.env.MOPBENCH_LLAMA_CPP_PYTHON ?? "";
const skipped =
  python === ""
    ? " (skipped: set MOPBENCH_LLAMA_CPP_PYTHON to a Python that has llama-cpp-python[server] installed)"
    : "";

let server: ChildProcess | null = null;
let folder = "";
let baseUrl = "";

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, "127.0.0.1", done));
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function startServer(model: TinyLlama): Promise<void> {
  folder = testFolder({ "tiny.gguf": model.file });
  const port = await freePort();
  baseUrl = `http://127.0.0.1:${port}/v1`;
  const flags = ["--model", "tiny.gguf", "--host", "127.0.0.1", "--port", String(port), "--n_threads", "1"];
  server = spawn(python, ["-m", "llama_cpp.server", ...flags], { cwd: folder, stdio: "ignore" });
  while (server.exitCode === null) {
    const up = await fetch(`${baseUrl}/models`).catch(() => null);
    if (up?.ok) return;
    await sleep(200);
  }
  throw new Error("llama_cpp.server ended before it answered");
}

/** The vocabulary's tokenizer adds a BOS, or none: without one, this server lists its values one token late. */
const vocabularies = [
  { style: "llama", scoring: { begin: null, end: "</s>", asItAnswers: true } },
  { style: "chatml", scoring: { begin: "<|im_start|>", end: "<|im_end|>", asItAnswers: false } },
] as const;

describe.skipIf(python === "").each(vocabularies)(
  `a server we did not write: llama-cpp-python, $style${skipped}`,
  ({ style, scoring }) => {
    const model = tinyLlama(42, style);
    beforeAll(() => startServer(model));
    afterAll(() => {
      server?.kill();
    });

    it("scores the tests' own model file as the plain forward pass does, within 1e-3 a token", async () => {
      const opened = await openai.bind({ model: "tiny", baseUrl, api: "completions" }).create({
        id: "openai:tiny",
        dataset: "d",
        background: [],
        env: {},
        baseDir: ".",
        offline: false,
        probe: probing(callServices(), undefined),
      });
      expect(opened.scoring).toEqual(scoring);
      let worst = 0;
      let tokens = 0;
      for (const [task, continuation] of [
        ["Your review: t", "he soup and the bread were fine"],
        ["A text about the rain", " It was a quiet day in the park and the tea was late."],
        ["On the train:", "\u00e9\u65e5 ok"],
      ] as const) {
        const content = { context: { text: "", label: null }, persona: null, exemplars: [] };
        const prompt = { content, instruction: "Write a review.", persona: "", example: "", task, hash: "h" };
        const scored = await opened.score?.({ prompt, continuation });
        const asked = `${scoring.begin ?? ""}${plainPrompt(prompt)}`;
        const before = model.tokenize(asked);
        const whole = model.tokenize(asked + continuation + scoring.end);
        expect(whole.slice(0, before.length)).toEqual(before);
        const rows = model.forward(whole);
        const expected = whole.slice(before.length).map((id, i) => rows[before.length + i - 1]![id]!);
        expect(scored?.tokens.length).toBe(expected.length);
        for (const [i, value] of expected.entries()) {
          worst = Math.max(worst, Math.abs((scored?.tokens[i] ?? Number.NaN) - value));
          tokens += 1;
        }
      }
      console.log(`${tokens} tokens, largest difference ${worst.toExponential(2)} nats`);
      expect(worst).toBeLessThan(1e-3);
    });

    it("is found able by models check", async () => {
      const flags = ["--base-url", baseUrl, "--api", "completions", "--json"];
      const { code, stdout } = await mopbench(["models", "check", "openai:tiny", ...flags], folder);
      expect(code).toBe(0);
      const { findings } = JSON.parse(stdout);
      const works = Object.fromEntries(
        findings.map((found: { capability: string; works: boolean }) => [found.capability, found.works]),
      );
      expect(works).toMatchObject({ completion: true, promptLogprobs: true, endLogprobs: true });
    });
  },
);
