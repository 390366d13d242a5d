import { type Prompt, promptOf } from "../../prompts/prompt.ts";

/** What a chat template may add to a prompt. */
const TEMPLATE_TOKENS = 64;

/** The texts of a prompt in the order of its slots. */
export function slotsOf({ instruction, persona, example, task }: Prompt): readonly string[] {
  return [instruction, persona, example, task];
}

/** The prompt with each slot's text replaced. */
export function mapSlots(prompt: Prompt, map: (text: string) => string): Prompt {
  return promptOf(prompt.content, {
    instruction: map(prompt.instruction),
    persona: map(prompt.persona),
    example: map(prompt.example),
    task: map(prompt.task),
  });
}

/** An upper bound of a prompt's tokens: no tokenizer in use makes more than one of a byte. */
export function tokensAtMost(prompt: Prompt): number {
  return slotsOf(prompt).reduce((sum, slot) => sum + Buffer.byteLength(slot), TEMPLATE_TOKENS);
}
