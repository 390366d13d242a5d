import { z } from "zod";
import { InputError } from "../core/errors.ts";
import { row, unitRows } from "../core/matrix.ts";
import { type Context, contextKey } from "../core/record.ts";
import { exemplarText } from "../mop/encoder-view.ts";
import { exemplarsOption, poolOf } from "../mop/exemplar-pool.ts";
import { shotsCost } from "./cost.ts";
import { oneCallEach } from "./fill.ts";
import { defineMethod, type Method, type MethodEnvironment } from "./method.ts";

/** The k pool records most similar to the context (cosine of the encoder), nearest last, next to the task. */
export const nearestShot = defineMethod({
  summary: "The k real texts of the pool most similar to the context.",
  notes: {
    "needs of the model": "none",
    "real texts": "N",
    source: "retrieval by cosine",
  },
  options: z.strictObject({
    k: z.int().min(1).max(10_000).default(4).describe("Real texts shown in each prompt."),
    exemplars: exemplarsOption,
  }),
  id: (options) => (options.k === 4 ? "nearest-shot" : `nearest-shot-${options.k}`),
  create: (options, _environment: MethodEnvironment): Method => ({
    name: "nearest-shot",
    needs: [],
    sees: "the exemplar pool",
    pool: options.exemplars,
    cost: (data) => shotsCost(data, "nearest-shot", options.k, options.exemplars),
    fit: async ({ encoder, prompts, train, ...context }) => {
      const pool = poolOf({ encoder, prompts, train, ...context }, options.exemplars);
      if (options.k > pool.length)
        throw new InputError(`nearest-shot: \`k\` is ${options.k} and the pool holds ${pool.length} texts.`);
      const embedded = unitRows(await encoder.encode(pool.map((r) => exemplarText(r))));
      const nearest = new Map<string, readonly number[]>();
      const prepare = async (contexts: readonly Context[]): Promise<void> => {
        const fresh = [...new Map(contexts.map((c) => [contextKey(c), c]))].filter(([key]) => !nearest.has(key));
        if (fresh.length === 0) return;
        const asked = unitRows(await encoder.encode(fresh.map(([key]) => key)));
        for (const [i, [key]] of fresh.entries()) {
          const x = row(asked, i);
          const similarity = pool.map((_, j) => dot(x, row(embedded, j)));
          const order = pool.map((_, j) => j).sort((a, b) => similarity[b]! - similarity[a]! || a - b);
          nearest.set(key, order.slice(0, options.k).reverse());
        }
      };
      await prepare(train.map((r) => r.context));
      const of = (asked: Context): readonly number[] => {
        const found = nearest.get(contextKey(asked));
        if (found === undefined) throw new RangeError(`nearest-shot was not prepared for \`${contextKey(asked)}\`.`);
        return found;
      };
      return {
        realTextsSeen: pool.length,
        summary: `k = ${options.k} nearest of ${pool.length}`,
        exemplars: pool,
        prepare,
        exemplarWeights: (asked) => {
          const weights = new Float64Array(pool.length);
          for (const j of of(asked)) weights[j] = 1 / options.k;
          return weights;
        },
        fill: oneCallEach((asked) => {
          const shown = of(asked).map((j) => pool[j]!);
          return {
            prompt: prompts.render({ context: asked, persona: null, exemplars: shown }),
            persona: null,
            exemplars: shown.map((r) => r.id),
          };
        }),
      };
    },
  }),
});

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
