import { type JsonObject, toJsonObject } from "../../core/hash.ts";
import { openClient } from "../../http/json-client.ts";
import { readKey } from "../../http/key.ts";
import { limitsOf } from "../../http/limits.ts";
import { withoutSecrets } from "../../http/secret-answers.ts";
import { secretsOf } from "../../http/secrets.ts";
import { OPENAI_URL } from "../../http/server-options.ts";
import { takenFrom } from "../../http/taken.ts";
import { addressOf } from "../../http/where-to.ts";
import { Adaptations } from "../adaptations.ts";
import { ownTemperatureOnly, REQUESTS_OF_DIFFERENCE, takesInEnd } from "../boundary.ts";
import {
  type BaseModel,
  type CallProfile,
  defineModel,
  type GenerateRequest,
  type ModelEnvironment,
  type Probe,
  type ScoreRequest,
  type Scoring,
} from "../model.ts";
import { chatMessages, plainPrompt } from "../render.ts";
import { readChat, readText } from "./answers.ts";
import { Dialect } from "./dialect.ts";
import { type Around, type EchoLayout, EchoScorer, EchoServer } from "./echo-scorer.ts";
import { type OpenaiOptions, openaiOptions } from "./options.ts";
import { probeScoring, type ScoringProbe } from "./probe.ts";

const BY_NAME = ["baseUrl", "extraBody"] as const;

/** `openai:`: OpenAI's models and every server that speaks its protocol (vLLM, TGI, SGLang, llama.cpp, Ollama, LM Studio ...). */
export const openai = defineModel<OpenaiOptions>({
  summary:
    "OpenAI's models, and those of any server that speaks its protocol: vLLM, SGLang, llama.cpp, Ollama, LM Studio, TGI.",
  notes: {
    runs: "behind a server",
    key: "`OPENAI_API_KEY` at OpenAI's own; elsewhere none, or the `apiKeyEnv` you name",
    "draws by seed": "where the server does",
    "prompt log-probabilities": "where the server really gives them: it is asked once",
    page: "[openai](openai.md)",
  },
  options: openaiOptions,
  byName: BY_NAME,
  voids: [
    { by: ({ scoring }) => (scoring === "none" ? "`scoring: none`" : null), options: ["endToken"] },
    {
      by: ({ scoring, api }) => (scoring === "none" && api === "chat" ? "`scoring: none` and `api: chat`" : null),
      options: ["bosToken"],
    },
  ],
  shorthand: (text) => ({ model: text }),
  id: ({ model }) => `openai:${model}`,
  create: openModel,
});

/**
 * A model behind an OpenAI-compatible server. Where scoring is wanted and not known, the server is probed once, before
 * anything is fitted.
 * @throws InputError for a missing key; CallError when the probe cannot reach the server.
 */
async function openModel(
  options: OpenaiOptions,
  environment: ModelEnvironment,
  id: string,
  kept: JsonObject,
): Promise<BaseModel> {
  const own = options.baseUrl === OPENAI_URL;
  const apiKeyEnv = options.apiKeyEnv ?? (own ? "OPENAI_API_KEY" : null);
  const { variables, mark } = await takenFrom(kept, BY_NAME, environment.env);
  const address = addressOf(options.baseUrl, kept.baseUrl);
  const caller = { model: id, apiKeyEnv, variables, address };
  const key = readKey(id, apiKeyEnv, environment);
  const post = await openClient(options.baseUrl, key, caller);
  const extra = options.extraBody ?? {};
  const begin = options.bosToken ?? "";
  const stop = options.stop ?? (options.api === "completions" ? ["\n\n"] : undefined);
  const profile: CallProfile = {
    identity: toJsonObject({
      provider: "openai",
      baseUrl: kept.baseUrl,
      model: options.model,
      api: options.api,
      bosToken: options.bosToken,
      stop,
      extra: kept.extraBody ?? {},
      ...(options.seed ? {} : { seed: false }),
    }),
    ...mark,
    account: `${options.baseUrl} ${apiKeyEnv ?? ""}`,
    requests: REQUESTS_OF_DIFFERENCE,
    ...limitsOf(options),
    reasoning: options.reasoning,
  };
  const asking = (around?: Around) => new EchoServer(post, options.model, extra, around);
  const scoring = await findScoring(options, environment, own, (probe) =>
    asking((question) => probe({ id, profile }, question)),
  );
  const scorer = scoring.layout === null ? null : new EchoScorer(asking(), scoring.layout);

  const dialect = new Dialect({
    // OpenAI's newer models know only max_completion_tokens; other servers often only max_tokens.
    limit: own && options.api === "chat" ? "max_completion_tokens" : "max_tokens",
    renames: options.api === "chat",
    extra,
    adaptations: environment.adaptations ?? new Adaptations(),
  });

  const generate = ({ prompt, decoding, seed, signal }: GenerateRequest) =>
    dialect.ask({ decoding, seed: options.seed ? seed : null, stop: stop ?? [] }, async (fields) => {
      const body = { ...fields, model: options.model };
      return options.api === "completions"
        ? readText(await post("/completions", { ...body, prompt: begin + plainPrompt(prompt) }, signal))
        : readChat(await post("/chat/completions", { ...body, messages: chatMessages(prompt) }, signal));
    });

  return {
    id,
    can: {
      chat: options.api === "chat",
      completion: true,
      promptLogprobs: scoring.layout !== null,
      endLogprobs: scoring.layout !== null && scoring.layout.end !== null,
      seed: options.seed,
      instructions: true,
    },
    remark: null,
    description: {
      provider: "openai",
      model: options.model,
      baseUrl: kept.baseUrl ?? options.baseUrl,
      api: options.api,
      scoring: scoring.reason,
      ...mark,
    },
    profile,
    generate: withoutSecrets(secretsOf(caller, key), generate),
    ...(scoring.layout === null || scorer === null
      ? {}
      : {
          scoring: scoringOf(options, scoring.layout),
          async score(request: ScoreRequest) {
            ownTemperatureOnly(request);
            const withEnd = takesInEnd(request, scoring.layout?.end != null);
            return scorer.score(plainPrompt(request.prompt), request.continuation, withEnd, request.signal);
          },
        }),
  };
}

/** The chat route's template is the server's own: texts are scored on the plain slots whatever answers are drawn by. */
function scoringOf(options: OpenaiOptions, { begin, end }: EchoLayout): Scoring {
  const added = begin === (options.bosToken ?? "") ? null : begin;
  return { begin: added, end, asItAnswers: options.api === "completions" && added === null };
}

async function findScoring(
  options: OpenaiOptions,
  environment: ModelEnvironment,
  own: boolean,
  asked: (probe: Probe) => EchoServer,
): Promise<ScoringProbe> {
  if (options.scoring === "none") return { layout: null, reason: "switched off in the config (scoring: none)" };
  if (options.scoring === "auto" && own) {
    return { layout: null, reason: "OpenAI's server gives no log-probabilities of prompts" };
  }
  if (environment.probe === undefined || environment.offline || environment.replay === true) {
    const layout = { begin: options.bosToken ?? "", listsGenerated: true, end: options.endToken ?? "" };
    return { layout, reason: "not asked yet: the server is probed before anything is fitted" };
  }
  return probeScoring(asked(environment.probe), { begin: options.bosToken ?? null, end: options.endToken ?? null });
}
