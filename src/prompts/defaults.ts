import type { PromptTemplates } from "./prompt.ts";

/** Templates for datasets without a card and configs without `prompts`. Plain wording that fits any short text. */
export const defaultTemplates: PromptTemplates = {
  instruction:
    "You stand in for one ordinary person among many. Write what that person would really write: their words, their length, their habits. Reply with the text alone, without a title, quotation marks or comments.",
  persona: "Who you are: {{persona}}",
  example:
    "{{#each exemplars}}A text you wrote before{{#if context}} on: {{context}}{{/if}}{{#if label}} [{{label}}]{{/if}}\n{{text}}\n{{/each}}",
  task: "Write one new text{{#if context}} on: {{context}}{{/if}}{{#if label}} [{{label}}]{{/if}}",
};
