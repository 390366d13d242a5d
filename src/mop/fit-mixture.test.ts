import { readFile, truncate } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { CallError, InputError, RunFailedError } from "../core/errors.ts";
import { Stream } from "../core/stream.ts";
import type { Encoder } from "../encoders/encoder.ts";
import type { ScoreRequest } from "../models/model.ts";
import { learn } from "../testing/learn.ts";
import { methods } from "../testing/loaded.ts";
import { worldContext, worldEncoder, worldModel, worldScore } from "../testing/mop-world.ts";
import { loadArtifact } from "./artifact.ts";
import { fitMixture } from "./fit-mixture.ts";
import { fittedOptions } from "./options.ts";

describe("the scores of a fit", () => {
  it("is gone on with after a kill, torn block and all, to the same fit", async () => {
    const whole = await worldContext();
    const reference = await learn(whole, { exemplars: 40 }, true);
    const broken = await worldContext({
      model: worldModel((call) => {
        if (call > 1500) throw new CallError("network", "cut", { fatal: true });
      }),
    });
    await expect(learn(broken, { exemplars: 40 }, true)).rejects.toThrow("cut");
    const body = path.join(broken.artifactDir, "scores.bin");
    const bytes = await readFile(body);
    await truncate(body, bytes.length - 100);
    const model = worldModel();
    const resumed = await learn({ ...broken, model }, { exemplars: 40 }, true);
    expect(model.calls.count).toBeLessThan(400 * 6 - 1000);
    const strip = async (file: string): Promise<unknown> => ({ ...(await loadArtifact(file)), fitHash: "" });
    expect(await strip(resumed.artifactFile)).toEqual(await strip(reference.artifactFile));
  });

  it("starts afresh when it was made for something else, and a finished fit asks nothing", async () => {
    const context = await worldContext();
    await learn(context);
    const second = worldModel();
    await learn({ ...context, model: second });
    expect(second.calls.count).toBe(0);
    const third = worldModel();
    await learn({ ...context, model: third, random: Stream.root(2) });
    expect(third.calls.count).toBe(0); // all three personas of all records are known, whatever the seed
    const other = { ...worldModel(), id: "test:other" };
    await learn({ ...context, model: other });
    expect(other.calls.count).toBeGreaterThan(400);
  });

  it("counts what failed before a stop as well, so that a resumed fit is the same", async () => {
    const failing = ({ prompt, continuation }: ScoreRequest): boolean =>
      Stream.root(4).derive(prompt.hash, continuation).int(40) === 0;
    const flaky = (stopAfter: number) => {
      let calls = 0;
      return {
        ...worldModel(),
        score: async (request: ScoreRequest) => {
          if (++calls > stopAfter) throw new CallError("network", "cut", { fatal: true });
          if (failing(request)) throw new CallError("timeout", "late");
          return worldScore(request);
        },
      };
    };
    const given = { exemplars: 20, activePairs: 1, fallback: false, maxSteps: 20, pairs: 16 } as const;
    const whole = await learn(await worldContext({ model: flaky(Number.POSITIVE_INFINITY) }), given, true);
    const broken = await worldContext({ model: flaky(1200) });
    await expect(learn(broken, given, true)).rejects.toThrow("cut");
    const resumed = await learn({ ...broken, model: flaky(Number.POSITIVE_INFINITY) }, given, true);
    const [a, b] = [await loadArtifact(whole.artifactFile), await loadArtifact(resumed.artifactFile)];
    expect(b.fit).toEqual(a.fit);
    expect(Number(a.fit?.failedPairs)).toBeGreaterThan(10);
    // Some records have lost their only pair: they say nothing, and the gain is a number all the same.
    expect(a.fit?.gain).toEqual(expect.any(Number));
    expect(Number.isFinite(a.fit?.gain)).toBe(true);
  });

  it("lives with single failed calls and gives up when many fail", async () => {
    const some = worldModel((call) => {
      if (call % 50 === 0) throw new CallError("timeout", "late");
    });
    const { artifactFile } = await learn(await worldContext({ model: some }));
    expect(Number((await loadArtifact(artifactFile)).fit?.failedPairs)).toBeGreaterThan(10);
    const most = worldModel((call) => {
      if (call > 2 && call % 3 === 0) throw new CallError("timeout", "late");
    });
    const context = await worldContext({ model: most });
    await expect(learn(context)).rejects.toThrow(RunFailedError);
    // What failed while it was ill is asked again when it is well.
    const resumed = await learn({ ...context, model: worldModel() });
    expect((await loadArtifact(resumed.artifactFile)).fit?.failedPairs).toBe(0);
  });
});

describe("what is refused", () => {
  it("refuses sizes that are given and impossible, shrinks defaults with a note", async () => {
    await expect(learn(await worldContext(), { exemplars: 500 }, true)).rejects.toThrow(InputError);
    await expect(learn(await worldContext(), { personas: 4 })).rejects.toThrow(/holds 3/);
    const notes: string[] = [];
    const context = await worldContext();
    await learn({ ...context, progress: { ...context.progress, note: (line) => notes.push(line) } }, {}, true);
    expect(notes.some((line) => line.includes("exemplars: 1000 shrunk to 200"))).toBe(true);
  });

  it("reads the files that options name before anything is spent", async () => {
    const context = await worldContext();
    const { artifactFile } = await learn(context);
    const make = (options: object) =>
      methods.get("mop").bind(options).create({ id: "mop", baseDir: context.artifactDir });
    const used = await make({ artifact: artifactFile });
    expect(used.needs).toEqual([]);
    expect(used.cost?.(context)).toMatchObject({ fit: { scored: 0, generated: 0 } });
    await expect(make({ artifact: "none.json" })).rejects.toThrow(/There is no file .*none\.json/);
    await expect(make({ personaSource: "file" })).rejects.toThrow("`personaSource: file` needs `personaFile`.");
    await expect(make({ personaSource: "file", personaFile: "none.txt" })).rejects.toThrow(InputError);
    const many = { personaSource: "file", personaFile: "three.txt", personas: 4 };
    await expect(make(many)).rejects.toThrow("`personas` is 4; three.txt holds 3.");
  });

  it("refuses another encoder than the fit's", async () => {
    const context = await worldContext();
    const { artifactFile } = await learn(context);
    const other: Encoder = { ...worldEncoder, fingerprint: "another" };
    const options = fittedOptions.parse({ artifact: artifactFile });
    await expect(fitMixture({ ...context, encoder: other }, "mop", { kind: "learned", options }, true)).rejects.toThrow(
      /fitted with the encoder/,
    );
  });
});
