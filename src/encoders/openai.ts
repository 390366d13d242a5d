import { z } from "zod";
import { shortText } from "../config/bounds.ts";
import { type JsonObject, toJsonObject } from "../core/hash.ts";
import { openClient } from "../http/json-client.ts";
import { readKey } from "../http/key.ts";
import { limitsOf, serverLimits } from "../http/limits.ts";
import { keyVariable, OPENAI_URL, serverUrl } from "../http/server-options.ts";
import { takenFrom } from "../http/taken.ts";
import { addressOf } from "../http/where-to.ts";
import { inOrder, misshapen } from "./embedding-rows.ts";
import { defineEncoder, type Encoder, type EncoderEnvironment } from "./encoder.ts";
import { type EmbeddingRoute, offlineError, servedEncoder } from "./served.ts";

const { price: _, ...limits } = serverLimits;

const options = z.strictObject({
  model: shortText.describe("The embedding model's name at the server."),
  baseUrl: serverUrl
    .default(OPENAI_URL)
    .describe("Root of the API, ending in `/v1` on most servers; `/embeddings` is asked."),
  apiKeyEnv: keyVariable.describe(
    "*Name* of the environment variable that holds the key; a missing or empty one ends with exit code 2. Default: `OPENAI_API_KEY` at OpenAI's own server, none elsewhere.",
  ),
  dimensions: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe("Shorter embeddings, where the model can. Default: the model's own width."),
  maxTokens: z
    .int()
    .min(4)
    .max(1_000_000)
    .optional()
    .describe("Texts are cut here, by the server's own count. Default: at the model's own maximum."),
  normalize: z.boolean().default(true).describe("Scale rows to unit length, as OpenAI's come."),
  batch: z.int().min(1).max(2048).default(32).describe("Texts of one request."),
  attempts: z.int().min(1).max(100).default(8).describe("Attempts a request, the first one counted."),
  ...limits,
});

type Options = z.infer<typeof options>;

const BY_NAME = ["baseUrl"] as const;

/** `openai:`: OpenAI's embeddings and every server with an /embeddings route (vLLM, TEI, llama.cpp, Ollama, LM Studio ...). */
export const openai = defineEncoder<Options>({
  summary:
    "OpenAI's embeddings, and those of any server that speaks its protocol: vLLM, TEI, llama.cpp, Ollama, LM Studio.",
  notes: {
    runs: "behind a server",
    key: "`OPENAI_API_KEY` at OpenAI's own; elsewhere none, or the `apiKeyEnv` you name",
    page: "[openai](#openai)",
  },
  options,
  byName: BY_NAME,
  shorthand: (text) => ({ model: text }),
  id: ({ model }) => `openai:${model}`,
  create: openEncoder,
});

/** @throws InputError offline or without the key; CallError when the server cannot be reached */
async function openEncoder(
  chosen: Options,
  environment: EncoderEnvironment,
  id: string,
  kept: JsonObject,
): Promise<Encoder> {
  if (environment.offline) throw offlineError(id);
  const apiKeyEnv = chosen.apiKeyEnv ?? (chosen.baseUrl === OPENAI_URL ? "OPENAI_API_KEY" : null);
  const { variables, mark } = await takenFrom(kept, BY_NAME, environment.env);
  const caller = { model: id, apiKeyEnv, variables, address: addressOf(chosen.baseUrl, kept.baseUrl) };
  const post = await openClient(chosen.baseUrl, readKey(id, apiKeyEnv, environment), caller);
  const asked = {
    model: chosen.model,
    encoding_format: "float",
    ...(chosen.dimensions === undefined ? {} : { dimensions: chosen.dimensions }),
  };
  const route: EmbeddingRoute = async (texts, signal) => {
    const parsed = answer.safeParse(await post("/embeddings", { ...asked, input: texts }, signal));
    if (!parsed.success) throw misshapen(id, issueOf(parsed.error));
    const { data, usage } = parsed.data;
    return { rows: inOrder(id, data).map(({ embedding }) => embedding), tokens: usage?.prompt_tokens ?? null };
  };
  const identity = toJsonObject({
    provider: "openai",
    baseUrl: kept.baseUrl,
    model: chosen.model,
    dimensions: chosen.dimensions,
    ...mark,
  });
  const served = {
    limits: limitsOf(chosen).limits,
    attempts: chosen.attempts,
    batch: chosen.batch,
    maxTokens: chosen.maxTokens ?? null,
    normalize: chosen.normalize,
    identity,
    description: { kind: "openai", model: chosen.model, baseUrl: kept.baseUrl ?? chosen.baseUrl, ...mark },
  };
  return servedEncoder(id, route, served, environment);
}

const answer = z.object({
  data: z.array(z.object({ index: z.int(), embedding: z.array(z.number()) })),
  usage: z.object({ prompt_tokens: z.int().min(0).nullish() }).nullish(),
});

function issueOf({ issues: [issue] }: z.ZodError): string {
  return `${issue?.path.join(".") || "whole"}: ${issue?.message}`;
}
