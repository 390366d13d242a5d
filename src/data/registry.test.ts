import { readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { InputError } from "../core/errors.ts";
import { createRenderer } from "../prompts/render.ts";
import { datasets } from "../testing/loaded.ts";
import { testFolder } from "../testing/test-folder.ts";
import { cardsFolder, loadCard } from "./card.ts";

const environment = { env: {}, baseDir: ".", offline: true, cacheDir: "." };
const names = datasets.names.filter((name) => datasets.get(name).card !== undefined);

describe("the dataset registry", () => {
  it("has a line for every card and a card for every line", async () => {
    const cards = (await readdir(cardsFolder())).map((file) => path.basename(file, ".yaml"));
    expect(cards.sort()).toEqual([...names].sort());
  });

  it.each(names)("has a sound card for %s, whose templates render", async (name) => {
    const card = await loadCard(name);
    const renderer = await createRenderer(card.prompts);
    const context = { text: "a place", label: "a label" };
    const exemplars = [{ id: "1", context, text: "an example <3 & more" }];
    const prompt = renderer.render({ context, persona: "a quiet person", exemplars });
    expect(prompt.persona).toContain("a quiet person");
    expect(prompt.example).toContain("an example <3 & more");
    expect(prompt.task).toContain("a label");
  });

  it.each(names.filter((name) => name !== "townsquare"))("says what works in place of %s", async (name) => {
    const bound = datasets.get(name).bind({});
    await expect(bound.create({ ...environment, id: name })).rejects.toThrow(InputError);
    await expect(bound.create({ ...environment, id: name })).rejects.toThrow(/\{file: \{path: .*_train\.parquet/);
  });
});

describe("loadCard", () => {
  const folder = testFolder();

  it("names file and field of what is wrong", async () => {
    const good =
      "name: x\ntitle: X\nsummary: s\nsource: townsquare\nrevision: null\nlicense: MIT\nlanguage: en\n" +
      "prompts: {instruction: a, persona: b, example: c, task: d}\n";
    const write = (text: string) => writeFile(path.join(folder, "x.yaml"), text);
    await write(good);
    expect((await loadCard("x", folder)).title).toBe("X");
    await write(`${good}licens: MIT\n`);
    await expect(loadCard("x", folder)).rejects.toThrow(/x\.yaml.*licens/);
    await write(good.replace("source: townsquare", "source: hub"));
    await expect(loadCard("x", folder)).rejects.toThrow(/x\.yaml: `hub` is needed/);
    await write(good.replace("task: d", "task: 3"));
    await expect(loadCard("x", folder)).rejects.toThrow(/prompts\.task/);
    await write(good.replace("name: x", "name: y"));
    await expect(loadCard("x", folder)).rejects.toThrow(/must be the file's name/);
    await write("a: [");
    await expect(loadCard("x", folder)).rejects.toThrow(/not YAML/);
    await expect(loadCard("missing", folder)).rejects.toThrow(InputError);
  });
});
