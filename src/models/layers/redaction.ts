import type { Redactor } from "../../prompts/redact.ts";
import type { Layer } from "../calls/call.ts";

/**
 * Replaces personal data in everything a model is sent, when its calls leave the process: real texts, personas and contexts in
 * the slots of a prompt, texts it is to score, options. A model in process is shown them as they are. Outside cache and
 * recording, so that neither holds what was replaced.
 * @param onReplaced how many were replaced in one request
 */
export function redacted(redact: Redactor, onReplaced: (count: number) => void): Layer {
  return (next, { profile }) =>
    profile == null || profile.account === null
      ? next
      : (kind, request) => {
          let count = 0;
          const clean = kind.mapTexts(request, (original) => {
            const { text, replaced } = redact(original);
            count += replaced;
            return text;
          });
          if (count > 0) onReplaced(count);
          return next(kind, clean);
        };
}
