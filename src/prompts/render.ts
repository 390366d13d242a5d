import { InputError } from "../core/errors.ts";
import { type Prompt, type PromptContent, type PromptRenderer, type PromptTemplates, promptOf } from "./prompt.ts";
import { validateTemplate } from "./validate.ts";

/**
 * Compiles one dataset's templates. Texts of records and personas enter as data only: they are never compiled, never escaped,
 * and templates can call nothing (validate.ts). Slots without content (no persona, no exemplar) render as empty strings.
 * @throws InputError for a template that cannot be parsed or uses an unknown variable, naming the slot and the variable.
 */
export async function createRenderer(templates: PromptTemplates): Promise<PromptRenderer> {
  const { default: Handlebars } = await import("handlebars");
  const compile = (slot: keyof PromptTemplates): ((data: object) => string) => {
    let program: hbs.AST.Program;
    try {
      program = Handlebars.parse(templates[slot]);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new InputError(`The prompt template \`${slot}\` cannot be read: ${reason}`);
    }
    validateTemplate(slot, program);
    const template = Handlebars.compile(templates[slot], { noEscape: true, strict: true, knownHelpersOnly: true });
    return (data) => template(data).trim();
  };
  const instruction = compile("instruction");
  const persona = compile("persona");
  const example = compile("example");
  const task = compile("task");

  return {
    templates,
    render(content: PromptContent): Prompt {
      const asked = { context: content.context.text, label: content.context.label };
      const exemplars = content.exemplars.map((r) => ({
        context: r.context.text,
        label: r.context.label,
        text: r.text,
      }));
      const rendered = {
        instruction: instruction(asked),
        persona: content.persona === null ? "" : persona({ persona: content.persona }),
        example: exemplars.length === 0 ? "" : example({ exemplars }),
        task: task(asked),
      };
      return promptOf(content, rendered);
    },
  };
}
