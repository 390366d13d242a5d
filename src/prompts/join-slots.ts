import type { Prompt } from "./prompt.ts";

/** A prompt as a chat model reads it: who it is, and what it is shown and asked. `system` may be empty. */
export interface JoinedPrompt {
  readonly system: string;
  readonly user: string;
}

/** The four slots as the two messages of a chat: the one place where slots become what is sent. */
export function joinSlots({ instruction, persona, example, task }: Slots): JoinedPrompt {
  return { system: joinParts([instruction, persona]), user: joinParts([example, task]) };
}

/** Parts as one text, an empty line between them; parts without text are left out. */
export function joinParts(parts: readonly string[]): string {
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .join("\n\n");
}

type Slots = Pick<Prompt, "instruction" | "persona" | "example" | "task">;
