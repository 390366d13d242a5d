import type { PromptTemplates } from "../prompts/prompt.ts";

/** Templates for data that bring none: they assume only that people wrote short texts, on something or with some label. */
export const genericPrompts: PromptTemplates = {
  instruction: "Write one text as a real person would. Give the text alone, with no title and no comment.",
  persona: "You are this person: {{persona}}",
  example:
    "Texts this person wrote before:\n{{#each exemplars}}{{#if context}}About: {{context}}\n{{/if}}{{#if label}}Label: {{label}}\n{{/if}}Text: {{text}}\n{{/each}}",
  task: "{{#if context}}About: {{context}}\n{{/if}}{{#if label}}Label: {{label}}\n{{/if}}Text:",
};
