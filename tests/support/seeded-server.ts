import { z } from "zod";
import { hashOf } from "../../src/core/hash.ts";
import { Stream } from "../../src/core/stream.ts";
import { type CompletionsServer, completionsServer, sendJson } from "./completions-server.ts";
import { tinyLlama } from "./tiny-llama.ts";

const body = z.object({
  prompt: z.string().optional(),
  messages: z.array(z.object({ content: z.string() })).optional(),
  seed: z.int().optional(),
  echo: z.boolean().optional(),
});

const WORDS = [
  "bread",
  "harbour",
  "rain",
  "quiet",
  "market",
  "tea",
  "late",
  "kind",
  "stairs",
  "window",
  "lamp",
  "salt",
];

/**
 * A real HTTP server that answers in no time of its own: a few words drawn by the request's seed, and for `echo` a
 * log-probability of each word that depends on the word before it. Equal requests get equal answers.
 */
export function seededServer(delayMs: number): Promise<CompletionsServer> {
  return completionsServer(tinyLlama(), {
    delayMs,
    intercept(_request, text, response) {
      const asked = body.parse(JSON.parse(text));
      const words = draw(asked.seed ?? 0, hashOf(asked.messages ?? asked.prompt ?? ""));
      if (asked.echo === true) {
        const shown = asked.prompt?.match(/\s*\S+|\s+$/g) ?? [];
        const tokens = [...shown, " end"];
        const logprobs = tokens.map((token, i) => (i === 0 ? null : surprise(tokens[i - 1] ?? "", token)));
        const choice = { text: "", logprobs: { tokens, token_logprobs: logprobs }, finish_reason: "length" };
        sendJson(response, 200, { choices: [{ index: 0, ...choice }], usage: usage(shown.length, 1) });
      } else {
        const choice = { message: { role: "assistant", content: words }, finish_reason: "stop" };
        sendJson(response, 200, { choices: [{ index: 0, ...choice }], usage: usage(10, 8) });
      }
      return true;
    },
  });
}

function draw(seed: number, prompt: string): string {
  const random = Stream.root(seed).derive(prompt);
  return Array.from({ length: 4 + random.int(8) }, () => random.pick(WORDS)).join(" ");
}

function surprise(before: string, token: string): number {
  return -1 - (Number.parseInt(hashOf([before, token]).slice(0, 6), 16) / 2 ** 24) * 6;
}

function usage(prompt: number, completion: number) {
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}
