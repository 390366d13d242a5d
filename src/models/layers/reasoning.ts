import { CallError } from "../../core/errors.ts";
import type { Layer } from "../calls/call.ts";
import type { Completion } from "../model.ts";
import { cutReasoning, onlyReasoning } from "../reasoning.ts";

/**
 * Cuts known reasoning blocks from what a model writes where its options say so; the answer as it came stays in `raw`. Outside
 * cache and recording, which hold what came: another choice of the option asks nothing again.
 */
export const withoutReasoning: Layer = (next, { profile }) => {
  if (profile?.reasoning !== "cut") return next;
  const served = profile.account !== null;
  return async (kind, request) => {
    const answer = await next(kind, request);
    return kind.mapWritten === undefined ? answer : kind.mapWritten(answer, (written) => cut(written, served));
  };
};

/** @param served whether the model is behind a server. @throws CallError when nothing is left */
function cut(completion: Completion, served: boolean): Completion {
  const { text: answer, finish } = completion;
  const { text, cut, unclosed } = cutReasoning(answer);
  if (unclosed !== null)
    throw onlyReasoning(`its ${unclosed} block is not closed, finish: ${finish}`, { served, answer });
  if (!cut) return completion;
  if (text !== "") return { ...completion, text, raw: answer };
  if (finish === "length")
    throw onlyReasoning("the answer ends with its reasoning, finish: length", { served, answer });
  throw new CallError("empty", "The answer holds reasoning and nothing else.", { answer });
}
