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
    ["example", "{{#each exemplars}}{{id}}{{/each}}", /`id`/],
    ["example", "{{#with exemplars}}{{text}}{{/with}}", /#with/],
    ["task", "{{> other}}", /PartialStatement/],
    ["task", "{{#if context}}open", /cannot be read/],
    ["task", "{{@root}}", /`root`/],
  ])("refuses %s: %s", async (slot, template, message) => {
    const wrong = createRenderer({ ...defaultTemplates, [slot]: template });
    await expect(wrong).rejects.toThrow(InputError);
    await expect(wrong).rejects.toThrow(message);
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
