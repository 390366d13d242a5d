import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { Stream } from "../../src/core/stream.ts";
import { BOS, EOS, type TinyLlama } from "./tiny-llama.ts";

/**
 * How a server answers `echo` with log-probabilities: as vLLM does, as llama-cpp-python does, as llama.cpp's own (only generated
 * tokens), or not at all.
 */
export type EchoStyle = "prompt" | "llama-cpp-python" | "generated-only" | "refused";

export interface CompletionsServer {
  readonly baseUrl: string;
  /** Bodies received, in order. */
  readonly requests: { readonly route: string; readonly body: string; readonly headers: IncomingMessage["headers"] }[];
  close(): Promise<void>;
}

/** May answer a request itself (faults); returns true when it did. */
export type Intercept = (
  request: IncomingMessage,
  body: string,
  response: ServerResponse,
) => boolean | Promise<boolean>;

const body = z.object({
  prompt: z.string().optional(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })).optional(),
  max_tokens: z.int().optional(),
  temperature: z.number().optional(),
  seed: z.int().optional(),
  echo: z.boolean().optional(),
  logprobs: z.union([z.int(), z.boolean()]).nullish(),
  stop: z.array(z.string()).optional(),
});

type Body = z.infer<typeof body>;

/** A real HTTP server on loopback that speaks /v1/completions and /v1/chat/completions over a tiny model. */
export async function completionsServer(
  model: TinyLlama,
  options: { readonly echo?: EchoStyle; readonly intercept?: Intercept; readonly delayMs?: number } = {},
): Promise<CompletionsServer> {
  const requests: CompletionsServer["requests"] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const text = Buffer.concat(chunks).toString("utf8");
      requests.push({ route: request.url ?? "", body: text, headers: request.headers });
      if (options.delayMs !== undefined) await new Promise((done) => setTimeout(done, options.delayMs));
      if (await options.intercept?.(request, text, response)) return;
      answer(model, options.echo ?? "prompt", request.url ?? "", text, response);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { baseUrl: `http://127.0.0.1:${portOf(server)}/v1`, requests, close: () => closeServer(server) };
}

export function portOf(server: Pick<Server, "address">): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((done) => server.close(() => done()));
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}

function answer(model: TinyLlama, echo: EchoStyle, route: string, text: string, response: ServerResponse): void {
  const parsed = body.safeParse(JSON.parse(text));
  if (!parsed.success) {
    sendJson(response, 400, { error: { message: parsed.error.message, type: "invalid_request_error" } });
  } else if (route === "/v1/completions") {
    sendJson(response, ...complete(model, echo, parsed.data));
  } else if (route === "/v1/chat/completions") {
    sendJson(response, 200, chat(model, parsed.data));
  } else {
    sendJson(response, 404, { error: { message: `no route ${route}`, code: "not_found" } });
  }
}

function complete(model: TinyLlama, style: EchoStyle, asked: Body): [number, unknown] {
  const echo = asked.echo === true;
  const wantsLogprobs = asked.logprobs !== undefined && asked.logprobs !== null && asked.logprobs !== false;
  if (echo && wantsLogprobs && style === "refused") {
    return [400, { error: { message: "echo and logprobs together are not supported", type: "invalid_request_error" } }];
  }
  const prompt = model.tokenize(asked.prompt ?? "");
  const generated = draw(model, prompt, asked);
  const all = [...prompt, ...generated.ids];
  const logprobsOf = (rows: readonly Float64Array[]) => {
    if (echo && style === "llama-cpp-python") return llamaCppPython(model, prompt, generated.ids, rows);
    const from = echo && style === "prompt" ? 0 : prompt.length;
    const listed = all.map((_, i) => i).slice(from);
    return {
      tokens: listed.map((i) => (i === 0 ? "" : model.piece(all[i]!))),
      token_logprobs: listed.map((i) => (i === 0 ? null : rows[i - 1]![all[i]!]!)),
      top_logprobs: null,
      text_offset: listed,
    };
  };
  return [
    200,
    {
      id: "cmpl-1",
      object: "text_completion",
      created: 0,
      model: "tiny",
      choices: [
        {
          index: 0,
          text: (echo ? (asked.prompt ?? "") : "") + generated.text,
          logprobs: wantsLogprobs ? logprobsOf(model.forward(all)) : null,
          finish_reason: generated.finish,
        },
      ],
      usage: usage(prompt.length, generated.ids.length),
    },
  ];
}

/**
 * As llama-cpp-python 0.3.36 lists an echo: a first BOS is taken off the tokens, which are then held against the rows of
 * log-probabilities from the first on. Without a BOS each row stands beside the token it was computed after, not the one it
 * predicts, and what was generated falls off the end. Control tokens are spelled "", BOS is left out wherever it stands.
 */
function llamaCppPython(
  model: TinyLlama,
  prompt: readonly number[],
  generated: readonly number[],
  rows: readonly Float64Array[],
): object {
  const listed = [...prompt.slice(prompt[0] === BOS ? 1 : 0), ...generated]
    .slice(0, Math.max(prompt.length, prompt.length + generated.length - 1))
    .map((id, i) => ({ id, logprob: i === 0 ? null : rows[i]![id]! }))
    .filter(({ id }) => id !== BOS);
  return {
    tokens: listed.map(({ id }) => (id === EOS ? "" : model.piece(id))),
    token_logprobs: listed.map(({ logprob }) => logprob),
    top_logprobs: null,
    text_offset: listed.map((_, i) => i),
  };
}

function chat(model: TinyLlama, asked: Body): unknown {
  const prompt = model.tokenize((asked.messages ?? []).map(({ role, content }) => `${role}: ${content}`).join("\n"));
  const generated = draw(model, prompt, asked);
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 0,
    model: "tiny",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: generated.text },
        finish_reason: generated.finish,
        logprobs: null,
      },
    ],
    usage: usage(prompt.length, generated.ids.length),
  };
}

function usage(prompt: number, completion: number): object {
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

/** Samples by the request's own seed: equal requests get equal answers. */
function draw(
  model: TinyLlama,
  prompt: readonly number[],
  asked: Body,
): { ids: number[]; text: string; finish: string } {
  const random = Stream.root(asked.seed ?? 0).derive("server");
  const temperature = asked.temperature ?? 1;
  const ids: number[] = [];
  const next = model.begin();
  let last = prompt.map(next).at(-1)!;
  for (let i = 0; i < (asked.max_tokens ?? 16); i++) {
    if (i > 0) last = next(ids[i - 1]!);
    const token =
      temperature > 0
        ? random.weighted(last.map((value) => Math.exp(value / temperature)))
        : last.indexOf(Math.max(...last));
    if (token === EOS) return { ids, text: model.text(ids), finish: "stop" };
    ids.push(token);
    const text = model.text(ids);
    const ends = (asked.stop ?? []).map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
    if (ends.length > 0) return { ids, text: text.slice(0, Math.min(...ends)), finish: "stop" };
  }
  return { ids, text: model.text(ids), finish: "length" };
}
