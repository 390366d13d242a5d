import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { InputError } from "../core/errors.ts";
import { testFolder } from "../testing/test-folder.ts";
import { loadConfig } from "./load.ts";

const folder = testFolder();

const SMALL = "datasets: [townsquare]\nmodels: [embedded:small]\nmethods: [zero-shot]\n";

async function load(text: string | Uint8Array, env: Record<string, string> = {}) {
  await writeFile(path.join(folder, "c.yaml"), text);
  return loadConfig("c.yaml", folder, env);
}

async function messageOf(text: string | Uint8Array, env: Record<string, string> = {}): Promise<string> {
  const error: unknown = await load(text, env).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof InputError)) throw new Error(`An InputError was expected, not ${String(error)}.`);
  return error.message;
}

describe("loadConfig", () => {
  it("fills in the defaults and takes the file's stem as name", async () => {
    const { config, name, baseDir } = await load(SMALL);
    expect(name).toBe("c");
    expect(baseDir).toBe(folder);
    expect(config).toMatchObject({
      seed: 0,
      repeats: 3,
      maxErrorRate: 0.05,
      decoding: { temperature: 1, maxTokens: 120 },
    });
  });

  it("reads JSON", async () => {
    const { config } = await load('{"datasets": ["a"], "models": ["b"], "methods": ["c"], "samples": 7}');
    expect(config.samples).toBe(7);
  });

  it.each([
    ["an unknown key", `${SMALL}sampels: 10\n`, /^c\.yaml:4:1: sampels: unknown key\. Did you mean `samples`\?/],
    ["a wrong type", `${SMALL}samples: many\n`, /^c\.yaml:4:10: samples: found "many"; allowed: a (whole )?number/],
    ["zero samples", `${SMALL}samples: 0\n`, /^c\.yaml:4:10: samples: found 0; allowed: at least 1\.$/],
    [
      "far too many samples",
      `${SMALL}samples: 1e30\n`,
      /^c\.yaml:4:10: samples: found 1e\+30; allowed: at most 10000000\.$/,
    ],
    ["far too few", `${SMALL}samples: -1e30\n`, /^c\.yaml:4:10: samples: found -1e\+30; allowed: at least 1\.$/],
    [
      "a budget of no call",
      `${SMALL}budget: { calls: 1e300 }\n`,
      /^c\.yaml:4:18: budget\.calls: .* at most 1000000000000\.$/,
    ],
    [
      "a budget of half a token",
      `${SMALL}budget: { tokens: 1e-300 }\n`,
      /^c\.yaml:4:19: budget\.tokens: .*: a whole number\.$/,
    ],
    ["a fraction", `${SMALL}repeats: 2.5\n`, /^c\.yaml:4:10: repeats: found 2\.5; allowed: a whole number\.$/],
    ["no metrics", `${SMALL}metrics: []\n`, /^c\.yaml:4:10: metrics: found an empty list; allowed: at least 1 item\.$/],
    [
      "options of metrics where they stood",
      `${SMALL}metricOptions: { mauveSeed: 7, neighbours: 10, shareClusters: 12 }\n`,
      /^c\.yaml:4:16: metricOptions: a metric has its options where it is named now: write `metrics: \[\{mauve: \{seed: 7\}\}, \{precision: \{neighbors: 10\}\}, \{share-js: \{clusters: 12\}\}\]`/,
    ],
    [
      "a key within",
      `${SMALL}decoding: { temprature: 1 }\n`,
      /^c\.yaml:4:13: decoding\.temprature: unknown key\. Did you mean `temperature`\?/,
    ],
    [
      "a value within",
      `${SMALL}decoding:\n  topP: 2\n`,
      /^c\.yaml:5:9: decoding\.topP: found 2; allowed: at most 1\.$/,
    ],
    [
      "one of several",
      `${SMALL}cache: { mode: no }\n`,
      /^c\.yaml:4:16: cache\.mode: found "no"; allowed: "use", "refresh", "off"\.$/,
    ],
    ["a missing key", "datasets: [a]\nmodels: [b]\n", /^c\.yaml:1:1: methods: missing; it must be a list\.$/],
    ["a list of numbers", "datasets: [3]\nmethods: [a]\n", /^c\.yaml:1:12: datasets\[0\]: found 3; allowed: /],
    [
      "encoder twice",
      `${SMALL}encoder: a\nencoders: [b]\n`,
      /^c\.yaml:5:11: encoders: `encoder` and `encoders` are both given/,
    ],
    ["broken YAML", "datasets: [a\nmethods: b\n", /^c\.yaml:\d+:\d+: not valid YAML: /],
    ["a key twice", `${SMALL}seed: 1\nseed: 2\n`, /^c\.yaml:5:1: the key `seed` stands twice; it is at 4:1 already\.$/],
    ["an empty file", "", /^c\.yaml: the config is empty/],
    ["not a mapping", "- a\n", /^c\.yaml:1:1: found a list of 1; allowed: a mapping/],
  ])("says where and what is allowed: %s", async (_, text, message) => {
    expect(await messageOf(text)).toMatch(message);
  });

  it("says every problem, one a line", async () => {
    expect((await messageOf(`${SMALL}samples: 0\nrepeats: 0\n`)).split("\n")).toHaveLength(2);
  });

  it("expands environment variables and names the one that is missing or empty", async () => {
    const text = `${SMALL}name: run-\${WHERE}\n`;
    expect((await load(text, { WHERE: "here" })).name).toBe("run-here");
    expect(await messageOf(text)).toMatch(/^c\.yaml:4:7: name: the environment variable WHERE is not set/);
    expect(await messageOf(text, { WHERE: "" })).toMatch(/the environment variable WHERE is empty/);
  });

  it("refuses bytes that are not UTF-8 and files that are not there", async () => {
    expect(await messageOf(Uint8Array.of(0x61, 0x3a, 0x20, 0xff))).toBe("c.yaml: not UTF-8. Save the file as UTF-8.");
    await expect(loadConfig("none.yaml", folder, {})).rejects.toThrow("There is no file none.yaml.");
    await expect(loadConfig(".", folder, {})).rejects.toThrow(". is a folder; a file is needed.");
  });
});
