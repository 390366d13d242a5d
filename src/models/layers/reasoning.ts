import { CallError } from "../../core/errors.ts";
import type { BaseModel } from "../model.ts";
import { cutReasoning, onlyReasoning } from "../reasoning.ts";

/**
 * Cuts known reasoning blocks from a model's answers where its options say so; the answer as it came stays in `raw`. RunEnvironment
 * cache and recording, which keep what came: another choice of the option asks nothing again.
 */
export function cuttingReasoning(model: BaseModel): BaseModel {
  const { profile } = model;
  if (profile?.reasoning !== "cut") return model;
  const served = profile.account !== null;
  return {
    ...model,
    async generate(request) {
      const completion = await model.generate(request);
      const { text: answer, finish } = completion;
      const { text, cut, unclosed } = cutReasoning(answer);
      if (unclosed !== null)
        throw onlyReasoning(`its ${unclosed} block is not closed, finish: ${finish}`, { served, answer });
      if (!cut) return completion;
      if (text !== "") return { ...completion, text, raw: answer };
      if (finish === "length")
        throw onlyReasoning("the answer ends with its reasoning, finish: length", { served, answer });
      throw new CallError("empty", "The answer holds reasoning and nothing else.", { answer });
    },
  };
}
