import { z } from "zod";
import { shortText } from "../config/bounds.ts";
import { type JsonObject, toJsonObject } from "../core/hash.ts";
import { openHub } from "../http/hub-client.ts";
import { readKey } from "../http/key.ts";
import { limitsOf, serverLimits } from "../http/limits.ts";
import { isLoopback, keyVariable, serverUrl } from "../http/server-options.ts";
import { takenFrom } from "../http/taken.ts";
import { addressOf } from "../http/where-to.ts";
import { misshapen } from "./embedding-rows.ts";
import { defineEncoder, type Encoder, type EncoderEnvironment } from "./encoder.ts";
import { type EmbeddingRoute, offlineError, servedEncoder } from "./served.ts";

/** Who computes features of texts through the hub's router. */
const PROVIDERS = ["auto", "deepinfra", "hf-inference", "scaleway", "together"] as const;

const { price: _, ...limits } = serverLimits;

const options = z.strictObject({
  model: shortText.describe("Hub id of the encoder."),
  provider: z
    .enum(PROVIDERS)
    .default("auto")
    .describe("Which inference provider serves it; `auto` follows the account's own order."),
  endpointUrl: serverUrl.optional().describe("A dedicated endpoint or a TEI server of one's own, without a route."),
  apiKeyEnv: keyVariable.describe(
    "*Name* of the environment variable that holds the token. Default: `HF_TOKEN`, none for an `endpointUrl` on this machine.",
  ),
  normalize: z.boolean().default(true).describe("Scale rows to unit length."),
  batch: z.int().min(1).max(2048).default(32).describe("Texts of one request."),
  attempts: z.int().min(1).max(100).default(8).describe("Attempts a request, the first one counted."),
  ...limits,
});

type Options = z.infer<typeof options>;

const BY_NAME = ["endpointUrl"] as const;

/** `huggingface:`: feature extraction by inference providers, dedicated endpoints and TEI; texts are cut at the model's own maximum. */
export const huggingface = defineEncoder<Options>({
  summary: "Encoders of the Hugging Face hub, served by inference providers, dedicated endpoints or TEI.",
  notes: {
    runs: "behind a server",
    key: "`HF_TOKEN`, or the `apiKeyEnv` you name; none for an endpoint on this machine",
    page: "[huggingface](#huggingface)",
  },
  options,
  byName: BY_NAME,
  voids: [{ by: ({ endpointUrl }) => (endpointUrl === undefined ? null : "`endpointUrl`"), options: ["provider"] }],
  shorthand: (text) => ({ model: text }),
  id: ({ model }) => `huggingface:${model}`,
  create: openEncoder,
});

/** @throws InputError offline or without the token; CallError when the server cannot be reached */
async function openEncoder(
  chosen: Options,
  environment: EncoderEnvironment,
  id: string,
  kept: JsonObject,
): Promise<Encoder> {
  if (environment.offline) throw offlineError(id);
  const { model, endpointUrl, provider } = chosen;
  const local = endpointUrl !== undefined && isLoopback(endpointUrl);
  const apiKeyEnv = chosen.apiKeyEnv ?? (local ? null : "HF_TOKEN");
  const key = readKey(id, apiKeyEnv, environment);
  const { variables, mark } = await takenFrom(kept, BY_NAME, environment.env);
  const caller = { model: id, apiKeyEnv, variables, address: addressOf(endpointUrl, kept.endpointUrl) };
  const hub = await openHub(caller, key);
  const target = endpointUrl === undefined ? { provider } : { endpointUrl };
  const route: EmbeddingRoute = async (texts, signal) => {
    const asked = { model, ...target, inputs: [...texts], normalize: chosen.normalize, truncate: true };
    const answer = await hub.ask(signal, (client, settings) => client.featureExtraction(asked, settings));
    return { rows: rowsOf(id, answer), tokens: null };
  };
  const identity = toJsonObject({
    provider: "huggingface",
    model,
    through: provider,
    endpointUrl: kept.endpointUrl,
    ...mark,
  });
  const served = {
    limits: limitsOf(chosen).limits,
    attempts: chosen.attempts,
    batch: chosen.batch,
    maxTokens: null,
    normalize: chosen.normalize,
    identity,
    description: { kind: "huggingface", model, through: kept.endpointUrl ?? provider, ...mark },
  };
  return servedEncoder(id, route, served, environment);
}

const row = z.array(z.number());
const features = z.array(z.union([row, z.array(row).min(1)]));

/** A row a text; some providers give one row a token, which the mean over the tokens makes one. */
function rowsOf(id: string, answer: unknown): readonly (readonly number[])[] {
  const parsed = features.safeParse(answer);
  if (!parsed.success) throw misshapen(id, "rows that are no numbers");
  return parsed.data.map((given) => {
    const tokens = given.filter((entry) => typeof entry === "object");
    const [first] = tokens;
    return first === undefined ? given.filter((entry) => typeof entry === "number") : meanOf(id, tokens, first.length);
  });
}

function meanOf(id: string, tokens: readonly (readonly number[])[], width: number): readonly number[] {
  if (tokens.some((token) => token.length !== width)) throw misshapen(id, "tokens of unequal width");
  return Array.from({ length: width }, (_, j) => tokens.reduce((sum, token) => sum + token[j]!, 0) / tokens.length);
}
