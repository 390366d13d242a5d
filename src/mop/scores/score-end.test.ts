import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { silent } from "../../core/progress.ts";
import { Stream } from "../../core/stream.ts";
import type { ScoreRequest, Scoring } from "../../models/model.ts";
import { methods } from "../../testing/loaded.ts";
import {
  personaTexts,
  type ScriptedModel,
  worldContext,
  worldModel,
  worldRecords,
  worldScore,
} from "../../testing/mop-world.ts";
import { loadArtifact } from "../artifact.ts";
import { fitMixture } from "../fit-mixture.ts";
import { fittedOptions } from "../options.ts";

interface Seen {
  readonly requests: ScoreRequest[];
  readonly notes: string[];
}

/** The world's model, its scores as `scoring` says; the end of a text has probability one half. */
function modelThat(scoring: Scoring | undefined, requests: ScoreRequest[]): ScriptedModel {
  const model = worldModel();
  return {
    ...model,
    can: { ...model.can, endLogprobs: scoring?.end != null },
    ...(scoring === undefined ? {} : { scoring }),
    score: async (request) => {
      requests.push(request);
      const { total, tokens } = worldScore(request);
      if (request.end !== true) return { total, tokens };
      return { total: total + Math.log(0.5), tokens: Float64Array.of(...tokens, Math.log(0.5)) };
    },
  };
}

async function fitted(scoring: Scoring | undefined, scoreEnd: "auto" | "never", dir?: string) {
  const seen: Seen = { requests: [], notes: [] };
  const context = await worldContext({
    train: worldRecords(60, Stream.root(5).derive("train")),
    model: modelThat(scoring, seen.requests),
    progress: { ...silent, note: (text) => void seen.notes.push(text) },
    ...(dir === undefined ? {} : { artifactDir: dir }),
  });
  const file = path.join(context.artifactDir, "three.txt");
  await writeFile(file, personaTexts.join("\n"));
  const options = fittedOptions.parse({ personaSource: "file", personaFile: file, pairs: 3, rank: 4, scoreEnd });
  await fitMixture(context, "mop", { kind: "learned", options }, false);
  const artifact = await loadArtifact(path.join(context.artifactDir, "mop.json"));
  return { ...seen, dir: context.artifactDir, report: artifact.fit };
}

const whole = { begin: null, end: "</s>", asItAnswers: true };

describe("scoreEnd", () => {
  it("takes the end of every text in where the model can score it, and keeps which token that is", async () => {
    const { requests, notes, report } = await fitted(whole, "auto");
    expect(new Set(requests.map(({ end }) => end))).toEqual(new Set([true]));
    expect(report).toMatchObject({ scoredEnd: "</s>", scoredAsAnswered: true });
    expect([...notes, report?.summary].join(" ")).not.toMatch(/end of|ends/);
  });

  it.each([undefined, { ...whole, end: null }])(
    "names a model that cannot, once and in the report",
    async (scoring) => {
      const { requests, notes, report } = await fitted(scoring, "auto");
      expect(new Set(requests.map(({ end }) => end))).toEqual(new Set([false]));
      expect(notes.filter((note) => note.startsWith("test:world cannot score where a text ends"))).toHaveLength(1);
      expect(report?.scoredEnd).toBeNull();
      expect(report?.summary).toContain("test:world cannot score where a text ends");
    },
  );

  it("never mixes scores with the end and without in one table", async () => {
    const without = await fitted(whole, "never");
    expect(without.report?.scoredEnd).toBeNull();
    expect(new Set(without.requests.map(({ end }) => end))).toEqual(new Set([false]));
    const { requests } = await fitted(whole, "auto", without.dir);
    expect(requests.length).toBeGreaterThanOrEqual(60 * 3);
  });

  it("has a model refused that cannot, with `always`", async () => {
    const needs = async (options: object) =>
      (await methods.get("mop").bind(options).create({ id: "mop", baseDir: "." })).needs;
    expect(await needs({ scoreEnd: "always" })).toEqual(["promptLogprobs", "endLogprobs"]);
    expect(await needs({ objective: "mmd" })).toEqual([]);
    expect(await needs({})).toEqual(["promptLogprobs"]);
  });
});

describe("a model that scores after other tokens than it answers after", () => {
  it("is named in the fit's report", async () => {
    const { notes, report } = await fitted({ begin: "<s>", end: "</s>", asItAnswers: false }, "auto");
    expect(report?.scoredAsAnswered).toBe(false);
    expect(report?.summary).toMatch(/fitted on other prompts than test:world answers.*behind <s>/);
    expect(notes.join(" ")).toMatch(/fitted on other prompts/);
  });
});
