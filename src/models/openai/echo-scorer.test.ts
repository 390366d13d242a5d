import { expect, it } from "vitest";
import { EchoScorer, EchoServer } from "./echo-scorer.ts";

const layout = { begin: "", listsGenerated: true, end: null };

it("asks for the prompt and then for the text, one request at a time, and tells how many it took", async () => {
  const asked: string[] = [];
  let [inFlight, most] = [0, 0];
  const server = new EchoServer(
    async (_route, body) => {
      const prompt = String(Reflect.get(body, "prompt"));
      asked.push(prompt);
      most = Math.max(most, ++inFlight);
      await new Promise(setImmediate);
      inFlight -= 1;
      const tokens = [...prompt, "x"];
      const token_logprobs = tokens.map((_, i) => (i === 0 ? null : -1));
      return { choices: [{ index: 0, text: "", logprobs: { tokens, token_logprobs }, finish_reason: "length" }] };
    },
    "tiny",
    {},
  );
  const scorer = new EchoScorer(server, layout);
  const first = await scorer.score("ab", "cde", false, undefined);
  expect(first).toMatchObject({ total: -3, tokensIn: 7, tokensOut: 2, requests: 2 });
  expect(await scorer.score("ab", "f", false, undefined)).toMatchObject({ total: -1, tokensIn: 3, requests: 1 });
  expect(asked).toEqual(["ab", "abcde", "abf"]);
  expect(most).toBe(1);
});
