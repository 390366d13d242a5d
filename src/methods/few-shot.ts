import path from "node:path";
import { z } from "zod";
import { pathText, temperatureNumber } from "../config/bounds.ts";
import { InputError } from "../core/errors.ts";
import type { Stream } from "../core/stream.ts";
import { loadArtifact } from "../mop/artifact.ts";
import { exemplarsOption, poolOf } from "../mop/exemplar-pool.ts";
import { shotsCost } from "./cost.ts";
import { oneCallEach } from "./fill.ts";
import { defineMethod, type Method, type MethodEnvironment } from "./method.ts";

/**
 * k real texts drawn uniformly from the pool, without replacement: the baseline every learned weighting must beat.
 * With `temperatureOf` it answers at a fitted mixture's mean temperature: the control that stands beside MoP where MoP's own
 * temperature differs from the table's.
 */
export const fewShot = defineMethod({
  summary: "k real texts drawn uniformly from the pool.",
  notes: {
    "needs of the model": "none",
    "real texts": "N",
    source: "the baseline that learned weights must beat",
  },
  options: z.strictObject({
    k: z.int().min(1).max(10_000).default(1).describe("Real texts shown in each prompt."),
    exemplars: exemplarsOption,
    temperature: temperatureNumber.nullable().default(null).describe("Own temperature; null: the table's."),
    temperatureOf: pathText
      .nullable()
      .default(null)
      .describe("Path of a mop.json: answer at its fitted temperature (the mean over its contexts and personas)."),
  }),
  voids: [{ by: ({ temperatureOf }) => (temperatureOf === null ? null : "`temperatureOf`"), options: ["temperature"] }],
  id: (options) => (options.k === 1 ? "few-shot" : `few-shot-${options.k}`),
  create: async (options, { baseDir }: MethodEnvironment): Promise<Method> => {
    const temperature =
      options.temperatureOf === null
        ? options.temperature
        : (await loadArtifact(path.resolve(baseDir, options.temperatureOf))).meanTemperature;
    return {
      name: "few-shot",
      needs: [],
      sees: "the exemplar pool",
      pool: options.exemplars,
      cost: (data) => shotsCost(data, "few-shot", options.k, options.exemplars),
      fit: async (context) => {
        const pool = poolOf(context, options.exemplars);
        if (options.k > pool.length)
          throw new InputError(`few-shot: \`k\` is ${options.k} and the pool holds ${pool.length} texts.`);
        const weights = new Float64Array(pool.length).fill(1 / pool.length);
        return {
          realTextsSeen: pool.length,
          summary: `k = ${options.k} of ${pool.length}, uniform`,
          exemplars: pool,
          exemplarWeights: () => weights,
          fill: oneCallEach((asked, random) => {
            const shown = distinct(pool.length, options.k, random).map((j) => pool[j]!);
            return {
              prompt: context.prompts.render({ context: asked, persona: null, exemplars: shown }),
              persona: null,
              exemplars: shown.map((r) => r.id),
              ...(temperature === null ? {} : { decoding: { temperature } }),
            };
          }),
        };
      },
    };
  },
});

/** k different integers below n, uniformly, in random order (Floyd would not order them; k is small). */
function distinct(n: number, k: number, random: Stream): number[] {
  const chosen = new Set<number>();
  while (chosen.size < k) chosen.add(random.int(n));
  return [...chosen];
}
