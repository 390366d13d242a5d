import { describe, expect, it } from "vitest";
import { InputError } from "../core/errors.ts";
import { defaultTemplates } from "./defaults.ts";
import { createRenderer } from "./render.ts";

const context = { text: "cafe at noon", label: "4 stars" };
const record = { id: "a", context: { text: "park", label: null }, text: "Green & <quiet>." };

describe("createRenderer", () => {
  it("fills the four slots, without escaping", async () => {
    const renderer = await createRenderer(defaultTemplates);
    const prompt = renderer.render({ context, persona: "Someone terse.", exemplars: [record] });
    expect(prompt.persona).toBe("Who you are: Someone terse.");
    expect(prompt.example).toBe("A text you wrote before on: park\nGreen & <quiet>.");
    expect(prompt.task).toBe("Write one new text on: cafe at noon [4 stars]");
  });

  it("leaves slots without content empty", async () => {
    const renderer = await createRenderer(defaultTemplates);
    const prompt = renderer.render({ context: { text: "", label: null }, persona: null, exemplars: [] });
    expect(prompt).toMatchObject({ persona: "", example: "", task: "Write one new text" });
  });

  it("hashes what is rendered, so equal prompts have equal hashes", async () => {
    const renderer = await createRenderer(defaultTemplates);
    const a = renderer.render({ context, persona: "x", exemplars: [record] });
    const b = renderer.render({ context, persona: "x", exemplars: [{ ...record, id: "other" }] });
    const c = renderer.render({ context, persona: "y", exemplars: [record] });
    expect(b.hash).toBe(a.hash);
    expect(c.hash).not.toBe(a.hash);
  });

  it("takes untrusted text as data, never as a template", async () => {
    const renderer = await createRenderer(defaultTemplates);
    const hostile = "{{context}} {{#each this}}{{constructor}}{{/each}} {{{lookup . '__proto__'}}}";
    const prompt = renderer.render({
      context: { text: hostile, label: null },
      persona: hostile,
      exemplars: [{ ...record, text: hostile }],
    });
    expect(prompt.persona).toBe(`Who you are: ${hostile}`);
    expect(prompt.example).toContain(hostile);
    expect(prompt.task).toContain(hostile);
  });

  it.each([
    ["task", "About {{contxt}}", /`contxt`.*`context`/s],
    ["task", "{{persona}}", /`persona`/],
    ["persona", "{{persona.constructor}}", /persona.constructor/],
    ["task", "{{lookup context 'length'}}", /arguments/],
    [
      "task",
      "Two lines.\n{{log context}}",
      /template `task`, line 2, column 1, holds a call with arguments; allowed are `\{\{context\}\}`/,
    ],
    ["task", "{{context x=(log label)}}", /line 1, column 1, holds a call with arguments/],
    ["task", "{{context level='info'}}", /a call with arguments/],
    ["task", "{{#if context includeZero=true}}x{{/if}}", /`#if` with named arguments/],
    ["task", "{{#if context as |c|}}x{{/if}}", /`#if` with `as \|\.\.\.\|`/],
    ["task", "{{#if (log context)}}x{{/if}}", /a call in parentheses/],
    ["task", "{{#if context}}x{{else log label}}y{{/if}}", /`#log label`/],
    ["task", "{{#context}}x{{/context}}", /`#context` without one variable/],
    ["task", "{{^context}}x{{/context}}", /`#context` without one variable/],
    ["task", "{{{{raw}}}}x{{{{/raw}}}}", /`#raw` without one variable/],
    ["task", "{{../context}}", /`\.\.\/context`/],
    ["task", "{{@index}}", /`@index`/],
    ["task", "{{this}}", /`this`/],
    ["task", "{{'context'}}", /a text in quotation marks/],
    ["task", "{{* log}}", /a decorator/],
    ["task", "{{#* inline 'x'}}y{{/inline}}", /a decorator/],
    ["task", "{{#> log}}y{{/log}}", /a partial/],
    ["task", "{{constructor}}", /`constructor`/],
    ["task", `${"{{#if context}}".repeat(500)}${"{{/if}}".repeat(500)}`, /more than 20 blocks within one another/],
    [
      "example",
      "{{exemplars}}",
      /line 1, column 1, holds the list `\{\{exemplars\}\}` as if it were a text; allowed are `#each exemplars`/,
    ],
    ["example", "{{#each exemplars}}{{../exemplars}}{{/each}}", /`\.\.\/exemplars`/],
    ["example", "{{#each exemplars}}{{#each ../exemplars}}{{text}}{{/each}}{{/each}}", /`\.\.\/exemplars`/],
    ["example", "{{#each exemplars}}{{@../index}}{{text}}{{/each}}", /`@\.\.\/index`/],
    ["example", "{{#each exemplars}}{{@root.exemplars}}{{/each}}", /`@root\.exemplars`/],
    ["example", "{{#each exemplars as |e|}}{{e.text}}{{/each}}", /`#each` with `as \|\.\.\.\|`/],
    ["example", "{{#each exemplars limit=1}}{{text}}{{/each}}", /`#each` with named arguments/],
    ["example", "{{#each exemplars}}{{@index}}{{/each}}", /`#each exemplars` that places nothing of them/],
    ["example", "{{#each exemplars}}{{id}}{{/each}}", /`id`/],
    ["example", "{{#with exemplars}}{{text}}{{/with}}", /#with/],
    ["task", "{{> other}}", /a partial/],
    [
      "task",
      "{{#if context}}open",
      /^The prompt template `task` cannot be read: Parse error on line 1: \{\{#if context\}\}open$/,
    ],
    ["task", "{{@root}}", /`@root`/],
  ])("refuses %s: %s", async (slot, template, message) => {
    const wrong = createRenderer({ ...defaultTemplates, [slot]: template });
    await expect(wrong).rejects.toThrow(InputError);
    await expect(wrong).rejects.toThrow(message);
  });

  it("takes what places text: conditions, other branches, comments, white-space control, three braces", async () => {
    const renderer = await createRenderer({
      ...defaultTemplates,
      task: "{{! for x }}{{#if context~}} {{{context}}} {{~else~}} anything {{~/if}}{{#unless label}}!{{/unless}} \\{{x}}",
      example:
        "{{#if exemplars}}{{#each exemplars}}{{#if @first}}1. {{else}}{{@index}}. {{/if}}{{text}}{{/each}}{{else}}-{{/if}}",
    });
    const prompt = renderer.render({ context, persona: null, exemplars: [record, record] });
    expect(prompt.task).toBe("cafe at noon {{x}}");
    expect(prompt.example).toBe("1. Green & <quiet>.1. Green & <quiet>.");
  });

  it("reaches the asked context from inside a loop of the task's own slot only", async () => {
    const renderer = await createRenderer({
      ...defaultTemplates,
      example: "{{#each exemplars}}{{#unless @first}}; {{/unless}}{{text}}{{/each}}",
    });
    const prompt = renderer.render({ context, persona: null, exemplars: [record, { ...record, text: "B" }] });
    expect(prompt.example).toBe("Green & <quiet>.; B");
  });
});
