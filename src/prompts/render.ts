import { InputError } from "../core/errors.ts";
import { shortened } from "../core/shortened.ts";
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
    parseTemplate(Handlebars, slot, templates[slot]);
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

/**
 * Parses and checks one slot's template without making anything of it, before a run begins.
 * @throws InputError as `createRenderer`
 */
export async function checkTemplate(slot: keyof PromptTemplates, template: string): Promise<void> {
  const { default: Handlebars } = await import("handlebars");
  parseTemplate(Handlebars, slot, template);
}

/** @param handlebars loaded late, as it takes a while */
function parseTemplate(handlebars: typeof import("handlebars"), slot: keyof PromptTemplates, template: string): void {
  let program: hbs.AST.Program;
  try {
    program = handlebars.parseWithoutProcessing(template); // what trims white space recurses: not before levels are counted
  } catch (error) {
    // "Parse error on line 2:\n{{context\n--^\nExpecting 'ID', ...", or "if doesn't match unless - 1:2"
    const [reason = "", excerpt] = (error instanceof Error ? error.message : String(error)).split("\n");
    const near = excerpt === undefined ? "" : ` ${shortened(excerpt)}`;
    throw new InputError(`The prompt template \`${slot}\` cannot be read: ${reason}${near}`, { cause: error });
  }
  validateTemplate(slot, program);
}
