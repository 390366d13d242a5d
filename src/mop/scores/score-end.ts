import type { JsonObject } from "../../core/hash.ts";
import { type BaseModel, scoringOf } from "../../models/model.ts";

/** Whether the end of a text is part of its score: where the model can, never, or else not at all. */
export type ScoreEnd = "auto" | "never" | "always";

/** What the scores of a fit are scores of. */
export interface Scored {
  /** Whether the ends of texts are. */
  readonly end: boolean;
  /** What should be known of it, each a sentence; empty where texts are scored whole, as they are answered. */
  readonly cautions: readonly string[];
  /** A fit's report with it. */
  report(fit: JsonObject): JsonObject;
}

/** What a model's scores are in a fit. A model that `always` asks too much of was refused before (`needs`). */
export function scoredBy(model: BaseModel, scoreEnd: ScoreEnd): Scored {
  const scoring = scoringOf(model);
  const token = scoreEnd === "never" ? null : (scoring?.end ?? null);
  const scoredAsAnswered = scoring?.asItAnswers ?? true;
  const missing = token === null && scoreEnd !== "never";
  const after = scoring?.begin == null ? "the plain prompt" : `the plain prompt behind ${scoring.begin}`;
  const cautions = [
    ...(missing ? [`${model.id} cannot score where a text ends: ends are left out of the likelihood`] : []),
    ...(scoredAsAnswered
      ? []
      : [`the gates are fitted on other prompts than ${model.id} answers: it scores texts after ${after}`]),
  ];
  return {
    end: token !== null,
    cautions,
    report: (fit) => ({
      ...fit,
      ...(typeof fit.summary === "string" ? { summary: [fit.summary, ...cautions].join("; ") } : {}),
      scoredEnd: token,
      scoredAsAnswered,
    }),
  };
}
