import { expect, it } from "vitest";
import { longestAccepted } from "./longest-accepted.ts";

/** Accepts at most `most` characters and answers with their number. */
const atMost =
  (most: number, asked: string[] = []) =>
  async (beginning: string) => {
    asked.push(beginning);
    const { length } = [...beginning];
    return length <= most ? length : null;
  };

it.each([1, 2, 5, 9, 10])("finds the longest beginning of ten characters that takes %i", async (most) => {
  const text = "0123456\u{1F600}89";
  const found = await longestAccepted(text, atMost(most));
  expect(found).toEqual({ beginning: [...text].slice(0, most).join(""), answer: most });
});

it("asks once for what fits, and by halves for what does not", async () => {
  const asked: string[] = [];
  await longestAccepted("short", atMost(5, asked));
  expect(asked).toEqual(["short"]);
  await longestAccepted("x".repeat(1000), atMost(300, asked));
  expect(asked.length).toBeLessThan(13);
});

it("gives null when nothing is accepted", async () => {
  expect(await longestAccepted("abc", atMost(0))).toBeNull();
});
