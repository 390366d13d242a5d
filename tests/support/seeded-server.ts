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
  max_tokens: z.int().optional(),
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
 * A real HTTP server that answers in no time of its own: a few words drawn by the request's seed. To a prompt of /completions the
 * words come with log-probabilities, each by the word before it, and `echo` gives those of the words it is shown. Equal requests
 * get equal answers.
 * @param ready what each answer waits for besides
 */
export function seededServer(
  delayMs: number,
  ready: () => Promise<unknown> = () => Promise.resolve(),
): Promise<CompletionsServer> {
  return completionsServer(tinyLlama(), {
    delayMs,
    async intercept(_request, text, response) {
      await ready();
      const asked = body.parse(JSON.parse(text));
      const words = draw(asked.seed ?? 0, hashOf(asked.messages ?? asked.prompt ?? ""));
      if (asked.echo === true) {
        const shown = tokensOf(asked.prompt ?? "");
        const logprobs = logprobsOf([...shown, " end"], null);
        const choice = { text: "", logprobs, finish_reason: "length" };
        sendJson(response, 200, { choices: [{ index: 0, ...choice }], usage: usage(shown.length, 1) });
      } else if (asked.prompt !== undefined) {
        const written = tokensOf(` ${words}`).slice(0, asked.max_tokens);
        const before = tokensOf(asked.prompt);
        const choice = {
          text: written.join(""),
          logprobs: logprobsOf(written, before.at(-1) ?? null),
          finish_reason: "length",
        };
        sendJson(response, 200, { choices: [{ index: 0, ...choice }], usage: usage(before.length, written.length) });
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

/** Words with the space before them. */
function tokensOf(text: string): string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}

/** @param before the token before the first; null: the text begins, which has no log-probability */
function logprobsOf(tokens: readonly string[], before: string | null) {
  const values = tokens.map((token, i) => {
    const last = i === 0 ? before : (tokens[i - 1] ?? null);
    return last === null ? null : surprise(last, token);
  });
  return { tokens, token_logprobs: values };
}

function surprise(before: string, token: string): number {
  return -1 - (Number.parseInt(hashOf([before, token]).slice(0, 6), 16) / 2 ** 24) * 6;
}

function usage(prompt: number, completion: number) {
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}
