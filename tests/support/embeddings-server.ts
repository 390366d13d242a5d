import { createServer, type ServerResponse } from "node:http";
import { z } from "zod";
import { Stream } from "../../src/core/stream.ts";
import { portOf, sendJson } from "./completions-server.ts";

/** Tokens a text may have at most: words and two marks. */
export const SERVER_MAXIMUM = 12;
const WIDTH = 6;

const asked = z.union([
  z.object({ input: z.array(z.string()), model: z.string() }),
  z.object({ inputs: z.array(z.string()), truncate: z.boolean() }),
]);

export interface EmbeddingsServer {
  readonly url: string;
  /** The texts of each request, in order. */
  readonly requests: string[][];
  /** Answers the next requests instead, first to last. */
  readonly faults: ((response: ServerResponse) => void)[];
  close(): void;
}

/** What the server gives for a text: drawn by its words, not of unit length. */
export function serverRow(text: string): number[] {
  const random = Stream.root(1).derive("row", words(text).join(" "));
  return Array.from({ length: WIDTH }, () => 3 * random.normal());
}

/**
 * A real HTTP server with two routes: OpenAI's /v1/embeddings, which refuses a text over its maximum, and the root route of
 * TEI, which cuts it.
 */
export async function embeddingsServer(): Promise<EmbeddingsServer> {
  const requests: string[][] = [];
  const faults: EmbeddingsServer["faults"] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = asked.parse(JSON.parse(Buffer.concat(chunks).toString("utf8")));
      const texts = "input" in body ? body.input : body.inputs;
      requests.push(texts);
      const fault = faults.shift();
      if (fault !== undefined) fault(response);
      else if (request.url === "/v1/embeddings") embed(texts, response);
      else
        sendJson(
          response,
          200,
          texts.map((text) =>
            serverRow(
              words(text)
                .slice(0, SERVER_MAXIMUM - 2)
                .join(" "),
            ),
          ),
        );
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${portOf(server)}`, requests, faults, close: () => server.close() };
}

function embed(texts: readonly string[], response: ServerResponse): void {
  if (texts.some((text) => text === "")) {
    sendJson(response, 400, { error: { message: "input cannot be an empty string" } });
  } else if (texts.some((text) => tokensOf(text) > SERVER_MAXIMUM)) {
    sendJson(response, 400, { error: { message: `maximum context length is ${SERVER_MAXIMUM} tokens` } });
  } else {
    // In reverse: the index says which row is whose.
    const data = texts.map((text, index) => ({ object: "embedding", index, embedding: serverRow(text) })).reverse();
    const tokens = texts.reduce((sum, text) => sum + tokensOf(text), 0);
    sendJson(response, 200, {
      object: "list",
      data,
      model: "m",
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    });
  }
}

function tokensOf(text: string): number {
  return words(text).length + 2;
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
