import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { testFolder } from "../src/testing/test-folder.ts";
import { type Ended, mopbench } from "./support/cli.ts";
import type { CompletionsServer } from "./support/completions-server.ts";
import {
  type Fields,
  fussyServer,
  inWords,
  likeReasoningModels,
  type Refuse,
  type Say,
  without,
} from "./support/fussy-server.ts";
import { reviewsCsv } from "./support/tiny-experiment.ts";

let folder = "";
beforeAll(async () => {
  folder = testFolder({ "reviews.csv": reviewsCsv(100) });
});

/** The fields of each request, in order. */
const fieldsOf = (server: CompletionsServer): readonly Fields[] => server.requests.map(({ body }) => JSON.parse(body));

/** What a server that refuses some requests is asked by a run of four answers, and how that ends. */
async function run(
  refuse: Refuse,
  options: { readonly own?: string; readonly more?: string; readonly provider?: string; readonly out?: string } = {},
): Promise<Ended & { readonly sent: readonly Fields[] }> {
  const { own = "", more = "", provider = "openai", out = "out" } = options;
  const server = await fussyServer(refuse, (_, { seed }) => `Fine soup ${seed}`);
  const where =
    provider === "openai" ? `baseUrl: '${server.baseUrl}'` : `endpointUrl: '${server.baseUrl.slice(0, -3)}'`;
  const config = `datasets: [{ file: { path: reviews.csv, text: review } }]
models: [{ ${provider}: { model: fussy, ${where}${own}, as: fussy } }]
methods: [zero-shot]
samples: 4
repeats: 1
concurrency: 1
metrics: [distinct]
${more}`;
  await writeFile(path.join(folder, "c.yaml"), config);
  const ended = await mopbench(["run", "c.yaml", "--out", out, "--quiet", "--no-cache"], folder);
  const sent = fieldsOf(server);
  await server.close();
  return { ...ended, sent };
}

const read = (out: string, file: string) => readFile(path.join(folder, out, file), "utf8");

describe("a field that a server knows by another name or needs not be told", { timeout: 120_000 }, () => {
  it.each(["openai", "huggingface"])("is adapted, remembered, and told by run.json alone (%s)", async (provider) => {
    const plain = await run(() => null, { provider, out: `plain-${provider}` });
    expect(plain).toMatchObject({ code: 0, stderr: "" });
    const { code, stderr, sent } = await run(likeReasoningModels, { provider, out: `adapted-${provider}` });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(sent.map((fields) => ["max_tokens", "max_completion_tokens"].filter((name) => name in fields))).toEqual([
      ["max_tokens"],
      ...Array(4).fill(["max_completion_tokens"]),
    ]);
    expect(sent[1]).toMatchObject({ max_completion_tokens: 120, temperature: 1, top_p: 1 });
    const manifest = JSON.parse(await read(`adapted-${provider}`, "run.json"));
    expect(manifest.models[0].adapted).toEqual(["`max_completion_tokens` is sent in place of `max_tokens`"]);
    expect(await read(`adapted-${provider}`, "results.json")).toBe(await read(`plain-${provider}`, "results.json"));
    expect(await read(`adapted-${provider}`, "report/report.md")).toContain("is sent in place of");
  });

  it.each([
    ["by a validation's path", without("temperature", "top_p")],
    ["in words", inWords("temperature", "top_p")],
  ])("is left out at the protocol's own value, refused %s", async (how, refuse) => {
    const { code, sent } = await run(refuse, { out: `left out ${how}` });
    expect(code).toBe(0);
    expect(sent.slice(2).every((fields) => !("temperature" in fields) && !("top_p" in fields))).toBe(true);
    expect(sent).toHaveLength(2 + 4);
  });
});

describe("what is kept of adapted answers", { timeout: 120_000 }, () => {
  it("stands under the keys of the request as it was asked for", async () => {
    const server = await fussyServer(likeReasoningModels, (_, { seed }) => `Fine soup ${seed}`);
    const config = (samples: number) => `datasets: [{ file: { path: reviews.csv, text: review } }]
models: [{ openai: { model: fussy, baseUrl: '${server.baseUrl}', scoring: none } }]
methods: [zero-shot]
samples: ${samples}
repeats: 1
metrics: [distinct]
`;
    let runs = 0;
    const sentBy = async (samples: number) => {
      const asked = server.requests.length;
      await writeFile(path.join(folder, "c.yaml"), config(samples));
      const ended = await mopbench(["run", "c.yaml", "--out", `kept-${runs++}`, "--quiet"], folder);
      expect(ended).toMatchObject({ code: 0, stderr: "" });
      return fieldsOf(server).slice(asked);
    };
    expect((await sentBy(3)).filter((fields) => "max_completion_tokens" in fields)).toHaveLength(3);
    expect(await sentBy(3)).toEqual([]);
    expect((await sentBy(4)).filter((fields) => "max_completion_tokens" in fields)).toHaveLength(1);
    await server.close();
  });
});

describe("a field whose loss would change the draws", { timeout: 120_000 }, () => {
  it.each([
    ["temperature", likeReasoningModels, "decoding: { temperature: 0.7 }", "", "write `decoding: { temperature: 1 }`"],
    ["top_p", likeReasoningModels, "decoding: { topP: 0.9 }", "", "write `decoding: { topP: 1 }`"],
    [
      "temperature in words",
      inWords("temperature"),
      "decoding: { temperature: 0.7 }",
      "",
      "`decoding: { temperature: 1 }`",
    ],
    ["seed", without("seed"), "", "", "write `seed: false` in the model's options"],
    ["stop", inWords("stop"), "", ", stop: [END]", "write `stop: []`"],
    [
      "a field of the config's own",
      without("logprobs"),
      "",
      ", extraBody: { logprobs: true }",
      "take `logprobs` out of",
    ],
  ])("stops the run before its first sample and says what to write: %s", async (_, refuse, more, own, message) => {
    const { code, stderr, sent } = await run(refuse, { more, own, out: "refused" });
    expect({ code, stdout: "" }).toMatchObject({ code: 2 });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/calls failed/);
    expect(sent.length).toBeLessThanOrEqual(2);
    expect(existsSync(path.join(folder, "refused"))).toBe(false); // the corrected config may use the name
  });

  it("is not sent where the config says so", async () => {
    const { code, sent } = await run(without("seed"), { own: ", seed: false", out: "seedless" });
    expect(code).toBe(0);
    expect(sent).toHaveLength(4);
  });

  it("leaves a refused prompt a failure of that one sample", async () => {
    const tooLong: Refuse = ({ seed }) => {
      const message =
        "'max_tokens' or 'max_completion_tokens' is too large: 120. This model's context holds 100 tokens.";
      return Number(seed) % 2 === 0
        ? { status: 400, body: { error: { message, type: "BadRequestError", code: 400 } } }
        : null;
    };
    const { code, sent } = await run(tooLong, { more: "maxErrorRate: 1", out: "long" });
    expect(code).toBe(0);
    expect(sent).toHaveLength(4);
  });
});

/** What `models check` prints of a server. */
async function check(refuse: Refuse, say: Say): Promise<string> {
  const server = await fussyServer(refuse, say);
  const { code, stdout, stderr } = await mopbench(
    ["models", "check", "openai:m", "--base-url", server.baseUrl],
    folder,
  );
  await server.close();
  expect(code, stderr).toBe(0);
  return stdout;
}

const bySeed = (_: string, { seed }: Fields) => `Fine soup ${seed}`;

describe("models check", { timeout: 120_000 }, () => {
  it("finds every field that is refused, and says what a run does", async () => {
    const all: Refuse = (fields) => without("seed")(fields) ?? likeReasoningModels(fields);
    const said = await check(all, bySeed);
    expect(said).toMatch(
      /no {3}max_tokens +`max_completion_tokens` is sent in place of `max_tokens`; as a run does by itself/,
    );
    expect(said).toMatch(/no {3}temperature +.*a run stops: write `decoding: \{ temperature: 1 \}`/);
    expect(said).toMatch(/no {3}top_p +.*a run stops: write `decoding: \{ topP: 1 \}`/);
    expect(said).toMatch(/no {3}seed +`seed` is left out: .*a run stops: write `seed: false`/);
  });

  it("says that all fields are taken, and which reasoning is cut", async () => {
    const said = await check(
      () => null,
      (_, { seed }) => `<think>So.</think>Soup ${seed}`,
    );
    expect(said).toMatch(/yes {2}fields +length, temperature, top_p and seed are taken/);
    expect(said).toMatch(/yes {2}reasoning +it reasons before it answers \(in the answer's text, cut from it\)/);
    expect(said).toMatch(/yes {2}chat +answered: "Soup 1"/);
  });

  it("finds the room that reasoning takes, and asks on with enough", async () => {
    const enough = ({ max_tokens }: Fields) => Number(max_tokens) > 500;
    const said = await check(
      () => null,
      (asked, fields) => (enough(fields) ? answerTo(asked) : null),
    );
    expect(said).toMatch(
      /yes {2}reasoning +.*apart from the text.*24 tokens leave no room.*raise `decoding.maxTokens`/,
    );
    expect(said).toMatch(/yes {2}instructions/);
  });

  it.each([
    ["no", "echoes the question", (asked: string) => asked],
    ["no", "echoes the prompt and goes on", (asked: string) => `${asked}\nParis. 4, 5, cold, and so on and on and on`],
    ["no", "says the same to everything", () => "Paris"],
    ["no", "goes on writing", () => "The capital of France is Paris. A cat has 4 legs, 2 + 3 is 5 and cold is not hot"],
    ["yes", "does as it is told", (asked: string) => answerTo(asked)],
  ])("says %s to instructions of a server that %s", async (verdict, _, say) => {
    expect(await check(() => null, say)).toMatch(new RegExp(`${verdict} +instructions`));
  });
});

function answerTo(asked: string): string {
  if (asked.includes("France")) return "Paris";
  if (asked.includes("cat")) return "A cat has 4 legs.";
  return asked.includes("2 + 3") ? "5" : "Cold";
}
