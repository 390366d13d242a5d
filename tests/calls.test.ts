import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testFolder } from "../src/testing/test-folder.ts";
import { mopbench } from "./support/cli.ts";
import { type CompletionsServer, completionsServer, sendJson } from "./support/completions-server.ts";
import { tinyLlama } from "./support/tiny-llama.ts";

const EMAIL = /[\w.]+@mail\.example/;
let folder = "";
let server: CompletionsServer;
let failing = 0;

beforeAll(async () => {
  server = await completionsServer(tinyLlama(), {
    intercept: (_request, _body, response) => {
      if (failing === 0) return false;
      failing -= 1;
      sendJson(response, 503, { error: { message: "busy" } });
      return true;
    },
  });
  const texts = Array.from(
    { length: 80 },
    (_, i) => `Fine soup ${i}, call 212-555-23${10 + i} or ann${i}@mail.example`,
  );
  folder = testFolder({ "people.txt": texts.join("\n") });
});
afterAll(async () => {
  await server.close();
});

/** Runs few-shot on two repeats of six answers and gives run.json. */
async function run(out: string, more: string, ...flags: readonly string[]) {
  const config = `name: calls
datasets: [{ file: { path: people.txt, format: lines } }]
models: [{ openai: { model: tiny, baseUrl: "${server.baseUrl}", scoring: none, as: tiny } }]
methods: [{ few-shot: { exemplars: 2 } }]
samples: 6
repeats: 2
metrics: [distinct]
decoding: { maxTokens: 3 }
${more}`;
  await writeFile(path.join(folder, "c.yaml"), config);
  server.requests.length = 0;
  const ended = await mopbench(["run", "c.yaml", "--out", out, "--quiet", ...flags], folder);
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  const manifest = JSON.parse(await readFile(path.join(folder, out, "run.json"), "utf8"));
  const markdown = await readFile(path.join(folder, out, "report", "report.md"), "utf8");
  return { manifest, markdown, sent: server.requests.map(({ body }) => body) };
}

describe("what run.json and the report say about calls", () => {
  it("counts retried and cached answers of each cell, and the age of the oldest", async () => {
    failing = 3;
    const first = await run("first", "");
    expect(first.manifest.calls).toMatchObject({ generated: 12, retries: 3, cached: 0, usd: null, redacted: 0 });
    expect(first.manifest.cells).toHaveLength(2);
    const retried = first.manifest.cells.map((cell: { retried: number }) => cell.retried);
    expect(retried[0] + retried[1]).toBe(3);
    expect(first.markdown).toMatch(/\| cost \| unknown \|/);
    expect(first.markdown).toMatch(/^\| few-shot \| tiny \| people \| 12 \| 25 % \| 0 % \|/m);

    const second = await run("second", "");
    expect(second.sent).toEqual([]);
    expect(second.manifest.calls).toMatchObject({ generated: 0, cached: 12 });
    for (const cell of second.manifest.cells) {
      expect(cell).toMatchObject({ asked: 6, cached: 6, retried: 0, failed: 0 });
      expect(Date.parse(cell.oldestCachedAt)).toBeLessThanOrEqual(Date.parse(first.manifest.finishedAt));
    }
    expect(second.markdown).toMatch(/\| answered from the cache \| 100 % \(12\) \|/);
  });

  it("keeps prompts as they were sent", async () => {
    for (const more of ["", "redact: true\n"]) {
      const out = `kept-${more === "" ? "plain" : "redacted"}`;
      const { sent } = await run(out, `cache: { mode: off }\n${more}`, "--keep-prompts");
      const kept = await Promise.all(
        [0, 1].map((repeat) =>
          readFile(path.join(folder, out, "cells/people/tiny/few-shot", String(repeat), "samples.jsonl"), "utf8"),
        ),
      );
      const prompts = kept.flatMap((text) =>
        text
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line).prompt),
      );
      const messages = sent.map((body) => {
        const { messages }: { messages: { role: string; content: string }[] } = JSON.parse(body);
        return Object.fromEntries(messages.map(({ role, content }) => [role, content]));
      });
      const sorted = (list: readonly object[]) => list.map((prompt) => JSON.stringify(prompt)).sort();
      expect(prompts).toHaveLength(12);
      expect(sorted(prompts)).toEqual(sorted(messages));
    }
  });

  it("sends real texts as they are unless told to redact, and then no personal data", async () => {
    const plain = await run("plain", "cache: { mode: off }\n");
    expect(plain.sent.every((body) => EMAIL.test(body))).toBe(true);
    const redacted = await run("redacted", "redact: true\n");
    expect(redacted.sent).toHaveLength(12); // the cache holds answers to other prompts
    for (const body of redacted.sent) {
      expect(body).toMatch(/\[phone\] or \[email\]/);
      expect(body).not.toMatch(EMAIL);
      expect(body).not.toMatch(/555-23/);
    }
    expect(redacted.manifest.calls.redacted).toBe(12 * 2); // one real text a prompt, with two
    expect(redacted.manifest.config.redact).toBe(true);
    expect(redacted.markdown).toMatch(/\| personal data replaced \| 24 \|/);
  });
});
