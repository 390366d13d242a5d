import { z } from "zod";
import { shortText } from "../../config/bounds.ts";
import { CallError } from "../../core/errors.ts";
import { type JsonObject, toJsonObject } from "../../core/hash.ts";
import { openHub } from "../../http/hub-client.ts";
import { readKey } from "../../http/key.ts";
import { limitsOf, serverLimits } from "../../http/limits.ts";
import { withoutSecrets } from "../../http/secret-answers.ts";
import { secretsOf } from "../../http/secrets.ts";
import { isLoopback, keyVariable, serverUrl } from "../../http/server-options.ts";
import { takenFrom } from "../../http/taken.ts";
import { addressOf } from "../../http/where-to.ts";
import { Adaptations } from "../adaptations.ts";
import { ownTemperatureOnly, REQUESTS_OF_DIFFERENCE, takesInEnd } from "../boundary.ts";
import { endTokenOption, findEndToken } from "../end-token.ts";
import {
  type BaseModel,
  type CallProfile,
  defineModel,
  type GenerateRequest,
  type ModelEnvironment,
  type ProbedServer,
  type ScoreRequest,
} from "../model.ts";
import { readChat } from "../openai/answers.ts";
import { Dialect } from "../openai/dialect.ts";
import { requestOptions } from "../openai/options.ts";
import { reasoningOption } from "../reasoning.ts";
import { chatMessages, plainPrompt } from "../render.ts";
import { complete, type PostEndpoint, prefill, scorePrefill } from "./tgi-scorer.ts";

/** Who serves models through the hub's router; `auto` follows the account's own order. */
const PROVIDERS = [
  "auto",
  "baseten",
  "cerebras",
  "cohere",
  "deepinfra",
  "featherless-ai",
  "fireworks-ai",
  "groq",
  "hf-inference",
  "novita",
  "nscale",
  "openai",
  "ovhcloud",
  "publicai",
  "scaleway",
  "together",
  "zai-org",
] as const;

const options = z.strictObject({
  model: shortText.describe("Hub id of the model."),
  provider: z
    .enum(PROVIDERS)
    .default("auto")
    .describe("Which inference provider serves it; `auto` follows the account's own order."),
  endpointUrl: serverUrl.optional().describe("A dedicated endpoint or a TGI server of one's own, without a route."),
  apiKeyEnv: keyVariable.describe(
    "*Name* of the environment variable that holds the token. Default: `HF_TOKEN`, none for an `endpointUrl` on this machine.",
  ),
  scoring: z
    .enum(["auto", "prefill", "none"])
    .default("auto")
    .describe(
      "Prompt log-probabilities by TGI's own `/generate`. `auto` and `prefill`: an `endpointUrl` is asked once, before anything is fitted; providers give none. `none`: it is not asked.",
    ),
  ...endTokenOption,
  ...requestOptions,
  ...reasoningOption,
  ...serverLimits,
});

type Options = z.infer<typeof options>;

const BY_NAME = ["endpointUrl", "extraBody"] as const;

/** `huggingface:`: Inference Providers and dedicated endpoints; TGI's native route where prompt log-probabilities are needed. */
export const huggingface = defineModel<Options>({
  summary: "Models of the Hugging Face hub, served by inference providers, dedicated endpoints or TGI.",
  notes: {
    runs: "behind a server",
    key: "`HF_TOKEN`, or the `apiKeyEnv` you name; none for an endpoint on this machine",
    "draws by seed": "where the server does",
    "prompt log-probabilities": "dedicated endpoints with TGI started for it",
    page: "[huggingface](huggingface.md)",
  },
  options,
  byName: BY_NAME,
  voids: [
    { by: ({ endpointUrl }) => (endpointUrl === undefined ? null : "`endpointUrl`"), options: ["provider"] },
    {
      by: ({ endpointUrl }) => (endpointUrl === undefined ? "no `endpointUrl`" : null),
      options: ["endToken", "scoring"],
    },
    {
      by: ({ endpointUrl, scoring }) => (endpointUrl !== undefined && scoring === "none" ? "`scoring: none`" : null),
      options: ["endToken"],
    },
  ],
  shorthand: (text) => ({ model: text }),
  id: ({ model }) => `huggingface:${model}`,
  create: openModel,
});

async function openModel(
  chosen: Options,
  environment: ModelEnvironment,
  id: string,
  kept: JsonObject,
): Promise<BaseModel> {
  const apiKeyEnv =
    chosen.apiKeyEnv ?? (chosen.endpointUrl !== undefined && isLoopback(chosen.endpointUrl) ? null : "HF_TOKEN");
  const key = readKey(id, apiKeyEnv, environment);
  const { variables, mark } = await takenFrom(kept, BY_NAME, environment.env);
  const caller = { model: id, apiKeyEnv, variables, address: addressOf(chosen.endpointUrl, kept.endpointUrl) };
  const hub = await openHub(caller, key);
  const post = endpointPost(chosen.endpointUrl, key, hub.fetch);
  const profile: CallProfile = {
    identity: toJsonObject({
      provider: "huggingface",
      model: chosen.model,
      through: chosen.provider,
      endpointUrl: kept.endpointUrl,
      extra: kept.extraBody,
      ...(chosen.seed ? {} : { seed: false }),
    }),
    ...mark,
    requests: REQUESTS_OF_DIFFERENCE,
    account: `huggingface ${chosen.endpointUrl ?? chosen.provider} ${apiKeyEnv ?? ""}`,
    ...limitsOf(chosen),
    reasoning: chosen.reasoning,
  };
  const scoring = await findScoring(chosen, environment, { id, profile }, post);

  const extra = chosen.extraBody ?? {};
  const adaptations = environment.adaptations ?? new Adaptations();
  const dialect = new Dialect({ limit: "max_tokens", renames: true, extra, adaptations });
  const target = chosen.endpointUrl === undefined ? { provider: chosen.provider } : { endpointUrl: chosen.endpointUrl };

  const generate = ({ prompt, decoding, seed, signal }: GenerateRequest) =>
    dialect.ask({ decoding, seed: chosen.seed ? seed : null, stop: [] }, async (fields) => {
      const messages = chatMessages(prompt).map(({ role, content }) => ({ role, content }));
      const body = { ...fields, model: chosen.model, ...target, messages };
      return readChat(await hub.ask(signal, (client, settings) => client.chatCompletion(body, settings)));
    });

  return {
    id,
    can: {
      chat: true,
      completion: false,
      promptLogprobs: scoring.works,
      endLogprobs: scoring.end !== null,
      seed: chosen.seed,
      instructions: true,
    },
    remark: null,
    description: {
      provider: "huggingface",
      model: chosen.model,
      through: kept.endpointUrl ?? chosen.provider,
      scoring: scoring.reason,
      ...mark,
    },
    profile,
    generate: withoutSecrets(secretsOf(caller, key), generate),
    ...(scoring.works
      ? {
          // Answers are drawn by the server's own chat template, which /generate does not apply.
          scoring: { begin: null, end: scoring.end, asItAnswers: false },
          async score(request: ScoreRequest) {
            ownTemperatureOnly(request);
            const end = takesInEnd(request, scoring.end !== null) ? (scoring.end ?? "") : "";
            return scorePrefill(post, plainPrompt(request.prompt), request.continuation, end, request.signal);
          },
        }
      : {}),
  };
}

/** TGI's own routes: the client package drops `details`, so these calls go by fetch. */
function endpointPost(endpointUrl: string | undefined, key: string | null, bounded: typeof fetch): PostEndpoint {
  return async (route, body, signal) => {
    if (endpointUrl === undefined)
      throw new CallError("bad-request", "Only dedicated endpoints have TGI's own routes.");
    const response = await bounded(`${endpointUrl.replace(/\/+$/, "")}${route}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify(body),
      ...(signal === undefined ? {} : { signal }),
    });
    return response.json();
  };
}

async function findScoring(
  chosen: Options,
  { probe, offline, replay }: ModelEnvironment,
  server: ProbedServer,
  post: PostEndpoint,
): Promise<{ works: boolean; end: string | null; reason: string }> {
  if (chosen.scoring === "none")
    return { works: false, end: null, reason: "switched off in the config (scoring: none)" };
  if (chosen.endpointUrl === undefined) {
    return {
      works: false,
      end: null,
      reason: "inference providers give no log-probabilities of prompts; a dedicated endpoint can",
    };
  }
  if (probe === undefined || offline || replay === true) {
    return {
      works: true,
      end: chosen.endToken ?? "",
      reason: "not asked yet: the endpoint is probed before anything is fitted",
    };
  }
  try {
    const candidates = chosen.endToken === undefined ? undefined : [chosen.endToken];
    const show = async (text: string) => {
      const bound = { tokensIn: Buffer.byteLength(text) + 1, tokensOut: 1 };
      const ask = (signal: AbortSignal | undefined) => prefill(post, text, signal);
      return complete(await probe(server, { bound, ask, cost: ({ length }) => ({ tokensIn: length, tokensOut: 1 }) }));
    };
    const end = await findEndToken(show, candidates);
    const ends = end === null ? "; the end of a text cannot be scored" : `, ends of texts by ${end}`;
    return { works: true, end, reason: `prompt log-probabilities by TGI's prefill${ends}` };
  } catch (error) {
    const expected = error instanceof CallError && ["malformed", "bad-request", "not-found"].includes(error.kind);
    if (!expected) throw error;
    return { works: false, end: null, reason: `no prompt log-probabilities: ${error.message}` };
  }
}
