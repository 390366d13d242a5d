import { hashOf } from "../core/hash.ts";
import type { Context, PopulationRecord } from "../core/record.ts";

/**
 * The four slots of a prompt, as Handlebars templates of the dataset's card or the config: what the model is to do, who it
 * is, what that person wrote, and the task for x.
 * `instruction` and `task` see {context, label}; `persona` sees {persona}; `example` sees {exemplars: [{context, label, text}]}.
 */
export interface PromptTemplates {
  readonly instruction: string;
  readonly persona: string;
  readonly example: string;
  readonly task: string;
}

/** What fills the slots. */
export interface PromptContent {
  readonly context: Context;
  /** A description in prose, or null. */
  readonly persona: string | null;
  readonly exemplars: readonly PopulationRecord[];
}

/**
 * A prompt ready for a model. Providers of real models use the rendered slots (chat: system = instruction + persona, user =
 * example + task; completion: all four); the embedded toys read `content`. `hash` covers the rendered slots.
 */
export interface Prompt {
  readonly content: PromptContent;
  readonly instruction: string;
  readonly persona: string;
  readonly example: string;
  readonly task: string;
  readonly hash: string;
}

/** The rendered slots of a prompt. */
export type PromptSlots = Pick<Prompt, "instruction" | "persona" | "example" | "task">;

/** The prompt of these slots; every prompt is made here, so that none has the hash of another. */
export function promptOf(content: PromptContent, { instruction, persona, example, task }: PromptSlots): Prompt {
  const hash = hashOf([instruction, persona, example, task]);
  return { content, instruction, persona, example, task, hash };
}

/** Fills one dataset's templates. Pure: equal content gives an equal prompt. */
export interface PromptRenderer {
  readonly templates: PromptTemplates;
  render(content: PromptContent): Prompt;
}
