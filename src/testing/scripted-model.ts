import type { JsonObject } from "../core/hash.ts";
import type {
  BaseModel,
  Capabilities,
  ChooseRequest,
  Chosen,
  Completion,
  GenerateRequest,
  ScoredText,
  ScoreRequest,
} from "../models/model.ts";

/** What a scripted model does: plain functions, sync or async, which may throw CallErrors as a real provider would. */
export interface Script {
  readonly id?: string;
  /** What it says it can do; all but `instructions` by default, and `promptLogprobs` only with a `score`. */
  readonly can?: Partial<Capabilities>;
  readonly remark?: string | null;
  readonly description?: JsonObject;
  /** The answer: a text, or as much of a Completion as the test cares about. */
  generate(request: GenerateRequest): string | PartialCompletion | Promise<string | PartialCompletion>;
  /** One log-probability a token. */
  score?(request: ScoreRequest): readonly number[] | Promise<readonly number[]>;
  /** The option it picks by a way of its own, with the options' log-probabilities where the test cares. */
  choose?(request: ChooseRequest): number | Chosen | Promise<number | Chosen>;
  close?(): Promise<void>;
}

export type PartialCompletion = Partial<Completion> & { readonly text: string };

/**
 * A base model for tests that does what it is told.
 * @example scriptedModel({ generate: ({ seed }) => `answer ${seed}`, score: ({ continuation }) => [-continuation.length] })
 */
export function scriptedModel(script: Script): BaseModel {
  const { score, choose } = script;
  return {
    id: script.id ?? "scripted:model",
    can: {
      chat: true,
      completion: true,
      promptLogprobs: score !== undefined,
      endLogprobs: false,
      seed: true,
      instructions: false,
      ...script.can,
    },
    remark: script.remark ?? null,
    description: script.description ?? {},
    generate: async (request: GenerateRequest): Promise<Completion> => {
      request.signal?.throwIfAborted();
      const answer = await script.generate(request);
      const given = typeof answer === "string" ? { text: answer } : answer;
      return { tokensIn: null, tokensOut: null, finish: "stop", ...given };
    },
    ...(score === undefined
      ? {}
      : {
          score: async (request: ScoreRequest): Promise<ScoredText> => {
            request.signal?.throwIfAborted();
            const tokens = Float64Array.from(await score(request));
            return { total: tokens.reduce((sum, value) => sum + value, 0), tokens };
          },
        }),
    ...(choose === undefined
      ? {}
      : {
          choose: async (request: ChooseRequest): Promise<Chosen> => {
            request.signal?.throwIfAborted();
            const choice = await choose(request);
            return typeof choice === "number" ? { index: choice, logProbabilities: null } : choice;
          },
        }),
    ...(script.close === undefined ? {} : { close: script.close }),
  };
}
