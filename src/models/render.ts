import { joinParts, joinSlots } from "../prompts/join-slots.ts";
import type { Prompt } from "../prompts/prompt.ts";

export interface ChatMessage {
  readonly role: "system" | "user";
  readonly content: string;
}

/** The four slots for a chat model: who it is goes into the system message, what it is shown and asked into the user's. */
export function chatMessages(prompt: Prompt): ChatMessage[] {
  const { system, user } = joinSlots(prompt);
  const message: ChatMessage = { role: "user", content: user };
  return system === "" ? [message] : [{ role: "system", content: system }, message];
}

/** The four slots as one plain text for a completion model; the answer starts on the next line. */
export function plainPrompt(prompt: Prompt): string {
  const { system, user } = joinSlots(prompt);
  return `${joinParts([system, user])}\n`;
}
