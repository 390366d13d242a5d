import { describe, expect, it } from "vitest";
import { Stream } from "../core/stream.ts";
import type { Encoder } from "../encoders/encoder.ts";
import type { ScoreRequest } from "../models/model.ts";
import { loadArtifact } from "../mop/artifact.ts";
import { fitMixture } from "../mop/fit-mixture.ts";
import { type FittedOptions, fittedOptions } from "../mop/options.ts";
import { defaultTemplates } from "../prompts/defaults.ts";
import { createRenderer } from "../prompts/render.ts";
import { exactGains } from "../testing/exact-gain.ts";
import { learn } from "../testing/learn.ts";
import {
  ownerOf,
  personaTexts,
  truePi,
  worldContext,
  worldContexts,
  worldEncoder,
  worldModel,
  worldRecords,
  worldScore,
} from "../testing/mop-world.ts";
import { copyKey } from "../text/near-copies.ts";

const totalVariation = (a: ArrayLike<number>, b: readonly number[]): number =>
  b.reduce((sum, value, i) => sum + Math.abs(a[i]! - value), 0) / 2;

describe("a fitted mixture", () => {
  it("recovers the true weights of personas, context by context", async () => {
    const context = await worldContext({ train: worldRecords(2000, Stream.root(5).derive("train")) });
    const { population, artifactFile } = await learn(context);
    const far = (weights: (c: number) => ArrayLike<number>): number =>
      truePi.reduce((sum, truth, c) => sum + totalVariation(weights(c), truth) / truePi.length, 0);
    expect(far(() => [1 / 3, 1 / 3, 1 / 3])).toBeGreaterThan(0.4);
    expect(far((c) => population.personaWeights(worldContexts[c]!))).toBeLessThan(0.1);
    const { fit } = await loadArtifact(artifactFile);
    expect(Number(fit?.heldOut)).toBeLessThan(Number(fit?.uniformHeldOut) - 0.2);
    expect(Number(fit?.gain)).toBeGreaterThan(5 * Number(fit?.gainError));
  });

  it("recovers them from a noisy gate too, to other weights", async () => {
    const train = worldRecords(1000, Stream.root(5).derive("train"));
    const weights = async (given: Partial<FittedOptions>) => {
      const { population } = await learn(await worldContext({ train }), { exemplars: 20, ...given }, true);
      return worldContexts.map((asked) => population.personaWeights(asked));
    };
    const plain = await weights({});
    for (const given of [{ gateNoise: "learned" }, { exemplarMask: 0.3 }] as const) {
      const found = await weights(given);
      expect(found).not.toEqual(plain);
      for (const [c, truth] of truePi.entries()) expect(totalVariation(found[c]!, truth)).toBeLessThan(0.2);
    }
  });

  it("brings a skewed pool nearer to the population's shares", async () => {
    const train = worldRecords(1200, Stream.root(6).derive("train"));
    const skewed = worldRecords(3000, Stream.root(7).derive("pool"), () => [0.7, 0.2, 0.1]).map((r, i) => ({
      ...r,
      id: train[i % train.length]!.id,
    }));
    const own = new Set<string>();
    const pool = skewed.filter((r) => !own.has(r.id) && own.add(r.id)).slice(0, 60);
    // Records of the pool stand in train too, since it is drawn from train.
    const byId = new Map(pool.map((r) => [r.id, r]));
    const context = await worldContext({
      train: train.map((r) => byId.get(r.id) ?? r),
      pool: (size) => pool.slice(0, size),
    });
    const { population } = await learn(context, { exemplars: 60, pairs: 16 }, true);
    const tv = (weights: Float64Array, c: number): number => {
      const shares = [0, 0, 0];
      for (const [j, record] of pool.entries()) shares[ownerOf(record.text)]! += weights[j]!;
      return totalVariation(shares, truePi[c]!);
    };
    const flat = new Float64Array(60).fill(1 / 60);
    const before = worldContexts.reduce((sum, _, c) => sum + tv(flat, c), 0) / 4;
    const after = worldContexts.reduce((sum, asked, c) => sum + tv(population.exemplarWeights!(asked), c), 0) / 4;
    expect(before).toBeGreaterThan(0.35);
    expect(after).toBeLessThan(0.6 * before);
    for (const asked of worldContexts)
      expect(population.exemplarWeights!(asked).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
  });

  it("stays uniform where there is nothing to learn", async () => {
    const flat = { ...worldModel(), score: async () => ({ total: -20, tokens: Float64Array.of(-20) }) };
    const { population, artifactFile } = await learn(await worldContext({ model: flat }));
    expect((await loadArtifact(artifactFile)).fit?.penalty).toBeNull();
    for (const asked of worldContexts)
      expect(totalVariation(population.personaWeights(asked), [1 / 3, 1 / 3, 1 / 3])).toBeLessThan(1e-6);
    // Also with M: all pairs tie, so all are drawn from.
    const top = await learn(await worldContext({ model: flat }), { exemplars: 40, activePairs: 4 }, true);
    expect(top.population.exemplarWeights!(worldContexts[0]!).every((w) => Math.abs(w - 1 / 40) < 1e-9)).toBe(true);
    const { fit } = await loadArtifact(top.artifactFile);
    expect(fit?.effectivePersonas).toBeCloseTo(3, 9);
    expect(fit?.effectiveExemplars).toBeCloseTo(40, 9);
  });

  it("stays near uniform where scores are noise", async () => {
    const noise = {
      ...worldModel(),
      score: async ({ prompt, continuation }: { prompt: { hash: string }; continuation: string }) => {
        const total = -20 + 2 * Stream.root(9).derive(prompt.hash, continuation).normal();
        return { total, tokens: Float64Array.of(total) };
      },
    };
    const { population } = await learn(await worldContext({ model: noise }));
    for (const asked of worldContexts)
      expect(totalVariation(population.personaWeights(asked), [1 / 3, 1 / 3, 1 / 3])).toBeLessThan(0.1);
  });

  it("gives the same draws from the kept artifact as from the fit, without an encoder", async () => {
    const context = await worldContext();
    const { population, artifactFile } = await learn(context, { exemplars: 40, activePairs: 5, fallback: false }, true);
    const again = await fitMixture(
      { ...context, artifactDir: "/nowhere" },
      "mop",
      { kind: "learned", options: fittedOptions.parse({ artifact: artifactFile }) },
      true,
    );
    for (const asked of worldContexts) {
      expect(again.personaWeights(asked)).toEqual(population.personaWeights(asked));
      for (let i = 0; i < 20; i++) {
        const stream = Stream.root(3).derive(i);
        expect(again.draw(asked, stream.derive("x"))).toEqual(population.draw(asked, stream.derive("x")));
      }
    }
  });

  it("reports the gain that all pairs of other records show, of all pairs and of the M heaviest", async () => {
    const train = worldRecords(500, Stream.root(5).derive("train"));
    const others = worldRecords(1500, Stream.root(5).derive("others"));
    const prompts = await createRenderer(defaultTemplates);
    const pool = train.slice(0, 20);
    const scored = others.map(({ context, text }) => ({
      context,
      pairs: personaTexts.flatMap((persona) =>
        pool.map((exemplar) => {
          const prompt = prompts.render({ context, persona, exemplars: [exemplar] });
          return worldScore({ prompt, continuation: text }).total;
        }),
      ),
    }));
    const found: Record<string, { gain: number; exact: number }> = {};
    for (const given of [{}, { activePairs: 6 }, { activePairs: 1, maxSteps: 20, fallback: false }]) {
      const context = await worldContext({ train });
      const { artifactFile } = await learn(context, { exemplars: 20, pairs: 16, ...given }, true);
      const artifact = await loadArtifact(artifactFile);
      const gains = exactGains(artifact, scored);
      const exact = gains.reduce((a, b) => a + b, 0) / gains.length;
      const error = Math.sqrt(gains.reduce((sum, gain) => sum + (gain - exact) ** 2, 0)) / gains.length;
      const [gain, low, high] = ["gain", "gainLow", "gainHigh"].map((name) => Number(artifact.fit?.[name]));
      expect(Math.abs(gain! - exact)).toBeLessThan((high! - low!) / 2 + 2 * error);
      found[`M ${artifact.activePairs}`] = { gain: gain!, exact };
    }
    expect(found["M null"]!.exact).toBeGreaterThan(0.1);
    // One pair a context is no population: it loses, and says so.
    expect(found["M 1"]!.exact).toBeLessThan(-0.5);
    expect(found["M 1"]!.gain).toBeLessThan(-0.5);
  });

  it("keeps uniform weights where M pairs lose against them", async () => {
    const given = { exemplars: 20, pairs: 16, activePairs: 1, maxSteps: 20 };
    const { population, artifactFile } = await learn(await worldContext(), given, true);
    expect((await loadArtifact(artifactFile)).fit).toMatchObject({ penalty: null, gain: 0 });
    expect(population.exemplarWeights!(worldContexts[0]!).every((w) => Math.abs(w - 1 / 20) < 1e-9)).toBe(true);
  });

  it("never scores a text with its copy for an example, and judges copies together", async () => {
    // A fifth of the texts stand three times, under other ids and in other forms; the model loves copying.
    const once = worldRecords(250, Stream.root(5).derive("train"));
    const again = once.slice(0, 50).flatMap(({ id, context, text }) => [
      { id: `${id}-b`, context, text: `${text.toUpperCase()}.` },
      { id: `${id}-c`, context, text: text.replaceAll(" ", "  ") },
    ]);
    const copied: ScoreRequest[] = [];
    const model = {
      ...worldModel(),
      score: async (request: ScoreRequest) => {
        const copies = request.prompt.content.exemplars.some((r) => copyKey(r.text) === copyKey(request.continuation));
        if (copies) copied.push(request);
        const { total, tokens } = worldScore(request);
        return { total: copies ? total + 40 : total, tokens };
      },
    };
    const context = await worldContext({ train: [...once, ...again], model });
    const { artifactFile } = await learn(context, { exemplars: 60, pairs: 16 }, true);
    expect(copied).toEqual([]);
    const { fit } = await loadArtifact(artifactFile);
    expect(fit?.copies).toBe(150);
    expect(Number(fit?.gain)).toBeLessThan(1);
  });

  it("keeps the penalty out of the curve", async () => {
    const { artifactFile } = await learn(await worldContext(), { penalties: [1000], maxSteps: 20, evaluateEvery: 20 });
    const { fit } = await loadArtifact(artifactFile);
    // The penalty holds the weights at uniform ones, where train and held-out records are alike.
    expect(fit?.curve).toEqual([
      { penalty: 1000, step: 20, train: expect.closeTo(Number(fit?.uniformHeldOut), 0), heldOut: expect.any(Number) },
    ]);
  });

  it("scores no record under a persona that quotes it", async () => {
    const seen: ScoreRequest[] = [];
    const model = {
      ...worldModel(),
      score: async (request: ScoreRequest) => {
        seen.push(request);
        return worldScore(request);
      },
    };
    const context = await worldContext({ model });
    const given = { personaSource: "records", personas: 6, personaFile: null, exemplars: 40, maxSteps: 20 } as const;
    const { artifactFile } = await learn(context, given, true);
    const quoted = new Set((await loadArtifact(artifactFile)).personas.flatMap((persona) => persona.quotes));
    const texts = new Set(context.train.filter((r) => quoted.has(r.id)).map((r) => r.text));
    expect(texts.size).toBe(18);
    expect(seen.length).toBeGreaterThan(1000);
    for (const { prompt, continuation } of seen) {
      expect(texts.has(continuation)).toBe(false);
      expect(prompt.content.exemplars.some((r) => r.text === continuation)).toBe(false);
    }
  });

  it("never weighs more than M pairs where activePairs is M", async () => {
    const { population } = await learn(await worldContext(), { exemplars: 40, activePairs: 5, fallback: false }, true);
    const weights = population.exemplarWeights!(worldContexts[0]!);
    expect(weights.filter((w) => w > 0).length).toBeLessThanOrEqual(5);
    expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  });

  it("embeds contexts it has not seen, and says so when it was not prepared", async () => {
    const { population } = await learn(await worldContext());
    const unseen = { text: "tuesday", label: null };
    expect(() => population.draw(unseen, Stream.root(1))).toThrow(/prepare/);
    await population.prepare([unseen]);
    expect(population.draw(unseen, Stream.root(1)).persona).toMatch(/^p\d$/);
  });

  it("shows the encoder what the view says, of contexts seen and unseen", async () => {
    const seen: string[] = [];
    const encoder: Encoder = {
      ...worldEncoder,
      encode: (texts) => {
        seen.push(...texts);
        return worldEncoder.encode(texts);
      },
    };
    const train = worldRecords(60, Stream.root(5)).map((r, i) => ({
      ...r,
      context: { text: r.context.text, label: i % 3 === 0 ? "good" : "bad" },
    }));
    const given = { exemplars: 5, maxSteps: 20, exemplarView: "context", labelInContext: false } as const;
    const { population, artifactFile } = await learn(await worldContext({ train, encoder }), given, true);
    await population.prepare([{ text: "tuesday", label: "good" }]);
    const texts = new Set(train.map((r) => r.text));
    const others = new Set(seen.filter((text) => !texts.has(text) && !personaTexts.includes(text)));
    expect(others).toEqual(new Set([...worldContexts.map((c) => c.text), "tuesday"]));
    const { contexts, encoder: kept } = await loadArtifact(artifactFile);
    expect(kept.view).toEqual({ exemplar: "context", label: false });
    expect(contexts).toHaveLength(8);
    const [monday, other] = [contexts[0]!, { text: contexts[0]!.text, label: "bad" }];
    expect(population.personaWeights(monday)).toEqual(population.personaWeights(other));
  });

  it("holds weights free of context by its constant alone", async () => {
    const train = worldRecords(1000, Stream.root(5), () => [0.8, 0.1, 0.1]).map((r) => ({
      ...r,
      context: { text: "", label: null },
    }));
    // The world's encoder has a row of zeros for the empty context.
    const first = async (contextConstant: boolean) => {
      const { population } = await learn(await worldContext({ train }), { contextConstant });
      return population.personaWeights(train[0]!.context)[0]!;
    };
    expect(await first(true)).toBeGreaterThan(0.7);
    expect(await first(false)).toBeCloseTo(1 / 3, 9);
  });

  it("learns a temperature from the grid where the model scores at others", async () => {
    // Answers were scored as if the model were too flat: its own temperature must fall below 1.
    const flatter = {
      ...worldModel(),
      score: async (request: ScoreRequest) => {
        return worldScore({ ...request, temperature: 2 * (request.temperature ?? 1) });
      },
    };
    for (const tau of ["shared", "per-persona"] as const) {
      const { artifactFile } = await learn(await worldContext({ model: flatter }), {
        tau,
        temperatures: [0.3, 0.5, 1, 2],
      });
      const { temperatures } = await loadArtifact(artifactFile);
      expect(temperatures.every((t) => t <= 0.5)).toBe(true);
    }
  });

  it("keeps the mean temperature of its answers: tau_k weighed by pi over the contexts", async () => {
    const train = worldRecords(600, Stream.root(5).derive("train"), () => [0.7, 0.2, 0.1]);
    // The model answers too flatly where the first persona is asked, and no other.
    const uneven = {
      ...worldModel(),
      score: async (request: ScoreRequest) => {
        const first = request.prompt.content.persona === personaTexts[0];
        return worldScore({ ...request, temperature: (first ? 2 : 1) * (request.temperature ?? 1) });
      },
    };
    const { population, artifactFile } = await learn(await worldContext({ train, model: uneven }), {
      tau: "per-persona",
      temperatures: [0.5, 1],
    });
    const { temperatures, meanTemperature } = await loadArtifact(artifactFile);
    expect(temperatures).toEqual([0.5, 1, 1]);
    const shares = worldContexts.map((asked) => population.personaWeights(asked)[0]! / worldContexts.length);
    const share = shares.reduce((a, b) => a + b, 0);
    expect(share).toBeGreaterThan(0.5);
    expect(meanTemperature).toBeCloseTo(1 - 0.5 * share, 9);
  });

  it("scores a second round where the posterior lies", async () => {
    const { population, artifactFile } = await learn(
      await worldContext({ train: worldRecords(1200, Stream.root(5).derive("train")) }),
      { exemplars: 30, refinePairs: 6 },
      true,
    );
    const { fit } = await loadArtifact(artifactFile);
    expect(fit?.pairsPerRecord).toBe(12);
    expect(fit?.gainIs).toContain("From 12 sampled pairs a record");
    expect(population.realTextsSeen).toBe(30);
  });
});
