import { expect, it } from "vitest";
import { defaultTemplates } from "../prompts/defaults.ts";
import { type Prompt, promptOf } from "../prompts/prompt.ts";
import { createRenderer } from "../prompts/render.ts";
import { scriptedModel } from "../testing/scripted-model.ts";
import { Adaptations } from "./adaptations.ts";
import { checkModel } from "./check.ts";

it("asks each question by a prompt that has the hash of its own slots", async () => {
  const asked: Prompt[] = [];
  const model = scriptedModel({
    can: { instructions: true },
    generate: ({ prompt }) => {
      asked.push(prompt);
      return "Paris";
    },
  });
  await checkModel(model, await createRenderer(defaultTemplates), new Adaptations({ lenient: true }));
  expect(asked.map(({ hash }) => hash)).toEqual(asked.map((prompt) => promptOf(prompt.content, prompt).hash));
  expect(new Set(asked.map(({ hash }) => hash)).size).toBe(5); // the one that is shown first, four questions
});
