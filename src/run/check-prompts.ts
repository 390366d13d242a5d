import type { ConfigPath, ConfigSource } from "../config/source.ts";
import { InputError } from "../core/errors.ts";
import { checkTemplate } from "../prompts/render.ts";

const SLOTS = ["instruction", "persona", "example", "task"] as const;

/**
 * Checks the templates of a config, or of a data set's option `prompts`, where their line is known: before anything is loaded.
 * @param prompts templates by slot; whatever else it is, its schema has said so
 * @throws InputError with file, line and path for a template that does more than place text
 */
export async function checkPrompts(source: ConfigSource, prompts: unknown, path: ConfigPath): Promise<void> {
  if (typeof prompts !== "object" || prompts === null) return;
  for (const slot of SLOTS) {
    const template: unknown = Reflect.get(prompts, slot);
    if (typeof template !== "string") continue;
    try {
      await checkTemplate(slot, template);
    } catch (error) {
      throw error instanceof InputError ? source.error([...path, slot], error.message) : error;
    }
  }
}
