import { hashOf } from "../../core/hash.ts";
import type { Prompt } from "../../prompts/prompt.ts";
import type { Redactor } from "../../prompts/redact.ts";
import type { BaseModel } from "../model.ts";

/**
 * Replaces personal data in everything a model is sent, when its calls leave the process: all four slots of a prompt (real
 * texts, personas, contexts) and the texts it is to score. A model in process is given back as it is. RunEnvironment cache and
 * recording, so that neither keeps what was replaced.
 * @param onReplaced how many were replaced in one request
 */
export function redacting(model: BaseModel, redact: Redactor, onReplaced: (count: number) => void): BaseModel {
  if (model.profile?.account == null) return model;

  /** A request's texts without personal data, counted together. */
  const clean = <T>(work: (text: (original: string) => string) => T): T => {
    let count = 0;
    const result = work((original) => {
      const { text, replaced } = redact(original);
      count += replaced;
      return text;
    });
    if (count > 0) onReplaced(count);
    return result;
  };

  const score = model.score?.bind(model);
  return {
    ...model,
    generate: (request) => model.generate({ ...request, prompt: clean((text) => cleanPrompt(request.prompt, text)) }),
    ...(score === undefined
      ? {}
      : {
          score: (request) =>
            score(
              clean((text) => ({
                ...request,
                prompt: cleanPrompt(request.prompt, text),
                continuation: text(request.continuation),
              })),
            ),
        }),
  };
}

function cleanPrompt(prompt: Prompt, text: (original: string) => string): Prompt {
  const instruction = text(prompt.instruction);
  const persona = text(prompt.persona);
  const example = text(prompt.example);
  const task = text(prompt.task);
  const { content } = prompt; // read by models in process alone
  return { content, instruction, persona, example, task, hash: hashOf([instruction, persona, example, task]) };
}
