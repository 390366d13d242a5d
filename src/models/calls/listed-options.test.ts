import { describe, expect, it } from "vitest";
import { promptOf } from "../../prompts/prompt.ts";
import { listOptions, matchOption } from "./listed-options.ts";

const content = { context: { text: "", label: null }, persona: null, exemplars: [] };
const prompt = promptOf(content, { instruction: "Reply.", persona: "", example: "", task: "How is the soup?" });
const options = ["Very good", "Good", "A lot of salt", "No answer"];

describe("listOptions", () => {
  it("lists the options under the task as given, and hashes what is shown", () => {
    const listed = listOptions({ prompt, options, seed: 1, sampleIndex: 0 });
    expect(listed.shown).toEqual([0, 1, 2, 3]);
    expect(listed.prompt.task).toBe(`How is the soup?

Options:
A) Very good
B) Good
C) A lot of salt
D) No answer

Answer with the text of one option and nothing else.`);
    expect(listed.prompt.hash).toBe(promptOf(content, listed.prompt).hash);
    expect(listed.prompt).toMatchObject({ instruction: "Reply.", persona: "" });
  });

  it("permutes them by the seed where asked, all orders alike", () => {
    const orders = new Map<string, number>();
    for (let seed = 0; seed < 1200; seed++) {
      const { shown, prompt: asked } = listOptions({
        prompt,
        options: options.slice(1),
        seed,
        sampleIndex: 0,
        order: "permuted",
      });
      expect(asked.task).toContain(`A) ${options[shown[0]! + 1]}\n`);
      orders.set(shown.join(), (orders.get(shown.join()) ?? 0) + 1);
    }
    expect(orders.size).toBe(6);
    for (const times of orders.values()) expect(Math.abs(times - 200)).toBeLessThan(5 * Math.sqrt(200));
    const again = (seed: number) => listOptions({ prompt, options, seed, sampleIndex: 0, order: "permuted" }).shown;
    expect(again(7)).toEqual(again(7));
  });

  it("goes on after Z", () => {
    const many = Array.from({ length: 30 }, (_, i) => `option ${i}`);
    const { prompt: asked, shown } = listOptions({ prompt, options: many, seed: 1, sampleIndex: 0 });
    expect(asked.task).toContain("\nZ) option 25\nAA) option 26\n");
    expect(matchOption("AB)", many, shown)).toBe(27);
  });
});

describe("matchOption", () => {
  const shown = [2, 0, 3, 1]; // A) A lot of salt, B) Very good, C) No answer, D) Good

  it.each([
    ["Very good", 0],
    ["  very  GOOD.\n", 0],
    ['"Good"', 1],
    ["a lot of salt", 2],
    ["A", 2],
    ["(b)", 0],
    ["D) Good", 1],
    ["**C**", 3],
    ["Answer: B", 0],
    ["Option D.", 1],
    ["B: Very good", 0],
    ["Good\n\nThe soup was warm.", 1],
    ["C)\nbecause I do not know", 3],
  ])("reads %j", (answer, index) => {
    expect(matchOption(answer, options, shown)).toBe(index);
  });

  it.each([
    ["Very"],
    ["A soup"],
    ["It is good"],
    ["E"],
    ["D) Very good"],
    ["Good or Very good"],
    ["A, B"],
    ["I'm full"],
  ])("reads no option in %j", (answer) => {
    expect(matchOption(answer, options, shown)).toBeNull();
  });

  it("takes a text for an option before it takes it for a letter, and two equal ones for none", () => {
    expect(matchOption("B", ["B", "A"], [1, 0])).toBe(0);
    expect(matchOption("[email]", ["[email]", "[email]"], [0, 1])).toBeNull();
    expect(matchOption("B) [email]", ["[email]", "[email]"], [0, 1])).toBe(1);
  });
});
