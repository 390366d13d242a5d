import type { Prompt } from "../prompts/prompt.ts";

export interface ChatMessage {
  readonly role: "system" | "user";
  readonly content: string;
}

/** The four slots for a chat model: who it is goes into the system message, what it is shown and asked into the user's. */
export function chatMessages(prompt: Prompt): ChatMessage[] {
  const messages: ChatMessage[] = [];
  const system = joined([prompt.instruction, prompt.persona]);
  if (system !== "") messages.push({ role: "system", content: system });
  messages.push({ role: "user", content: joined([prompt.example, prompt.task]) });
  return messages;
}

/** The four slots as one plain text for a completion model; the answer starts on the next line. */
export function plainPrompt(prompt: Prompt): string {
  return `${joined([prompt.instruction, prompt.persona, prompt.example, prompt.task])}\n`;
}

function joined(slots: readonly string[]): string {
  return slots
    .map((slot) => slot.trim())
    .filter((slot) => slot !== "")
    .join("\n\n");
}
