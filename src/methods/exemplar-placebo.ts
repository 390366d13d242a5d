import path from "node:path";
import { z } from "zod";
import { pathText, shortText } from "../config/bounds.ts";
import { InputError } from "../core/errors.ts";
import { type Context, contextKey, type PopulationRecord } from "../core/record.ts";
import type { Stream } from "../core/stream.ts";
import { exemplarsOption, poolOf } from "../mop/exemplar-pool.ts";
import type { FitContext, TrainSize } from "../mop/fit-context.ts";
import type { Draw } from "../prompts/draw.ts";
import type { PromptRenderer } from "../prompts/prompt.ts";
import { NO_CALLS, shotsCost } from "./cost.ts";
import { oneCallEach } from "./fill.ts";
import { defineMethod, type FittedMethod, type Method, type MethodCost, type MethodEnvironment } from "./method.ts";
import { readTexts } from "./texts.ts";

/**
 * A real text that does not belong there, drawn uniformly: of the pool, but of other contexts than the one asked for; with `path`,
 * of another file. What a method with exemplars gains beyond it comes of the right texts, not of any text.
 */
export const exemplarPlacebo = defineMethod({
  summary: "A real text of other contexts (or of another file) in place of an exemplar: what any example does.",
  notes: {
    "needs of the model": "none",
    "real texts": "N; with `path`, all of the file (or the first `exemplars`), none of this data set",
    source: "ours: what any example does",
  },
  options: z.strictObject({
    exemplars: exemplarsOption,
    path: pathText
      .nullable()
      .default(null)
      .describe(
        "A file of texts of other people, shown instead; `exemplars` then counts its first texts. null: the pool.",
      ),
    text: shortText.default("text").describe("With `path`: column of the texts."),
  }),
  voids: [{ by: ({ path }) => (path === null ? "`path: null`" : null), options: ["text"] }],
  id: () => "exemplar-placebo",
  create: async (options, { baseDir }: MethodEnvironment): Promise<Method> => {
    const file = options.path === null ? null : await otherTexts(options.path, options, baseDir);
    return {
      name: "exemplar-placebo",
      needs: [],
      sees: file === null ? "the exemplar pool, texts of other contexts alone" : "texts of another file",
      pool: file === null ? options.exemplars : undefined,
      cost: (data) => (file === null ? poolCost(data, options.exemplars) : fileCost(file)),
      fit: async (context) => (file === null ? fromPool(context, options.exemplars) : fromFile(context, file)),
    };
  },
});

/** Texts without contexts: what a file of other people says of these is not this data set's. */
async function otherTexts(
  given: string,
  { exemplars, text }: { readonly exemplars: number | null; readonly text: string },
  baseDir: string,
): Promise<readonly PopulationRecord[]> {
  const made = await readTexts({ path: given, text, model: null }, baseDir);
  if (exemplars !== null && exemplars > made.length)
    throw new InputError(`exemplar-placebo: \`exemplars\` is ${exemplars}; ${given} holds ${made.length} texts.`);
  const { name } = path.parse(given);
  return made
    .slice(0, exemplars ?? made.length)
    .map((row, i) => ({ id: `${name}-${i}`, context: { text: "", label: null }, text: row.text }));
}

function fileCost(file: readonly PopulationRecord[]): MethodCost {
  const bytes = (record: PopulationRecord) => Buffer.byteLength(record.text);
  const longest = file.reduce((most, record) => (bytes(record) > bytes(most) ? record : most));
  return { fit: NO_CALLS, exemplarsPerPrompt: 1, personaBytes: 0, longestExemplar: longest };
}

function poolCost(data: TrainSize, exemplars: number | null): MethodCost {
  checkContexts(data.train, data.datasetId);
  return shotsCost(data, "exemplar-placebo", 1, exemplars);
}

function fromFile({ prompts }: FitContext, file: readonly PopulationRecord[]): FittedMethod {
  return {
    realTextsSeen: file.length,
    summary: `k = 1 of ${file.length} texts of another file, uniform`,
    exemplars: file,
    fill: oneCallEach(shown(prompts, () => file)),
  };
}

function fromPool(context: FitContext, exemplars: number | null): FittedMethod {
  const pool = poolOf(context, exemplars);
  checkContexts(pool, context.datasetId);
  const keys = pool.map((record) => contextKey(record.context));
  const others = new Map<string, readonly PopulationRecord[]>();
  const othersOf = (asked: Context): readonly PopulationRecord[] => {
    const key = contextKey(asked);
    const known = others.get(key) ?? pool.filter((_, j) => keys[j] !== key);
    others.set(key, known);
    return known;
  };
  return {
    realTextsSeen: pool.length,
    summary: `k = 1 of ${pool.length}, uniform over those of other contexts`,
    exemplars: pool,
    exemplarWeights: (asked: Context) => {
      const weight = 1 / othersOf(asked).length;
      const own = contextKey(asked);
      return Float64Array.from(keys, (key) => (key === own ? 0 : weight));
    },
    fill: oneCallEach(shown(context.prompts, othersOf)),
  };
}

/** Draws one of the texts allowed for a context. */
function shown(prompts: PromptRenderer, allowed: (asked: Context) => readonly PopulationRecord[]) {
  return (asked: Context, random: Stream): Draw => {
    const exemplar = random.pick(allowed(asked));
    return {
      prompt: prompts.render({ context: asked, persona: null, exemplars: [exemplar] }),
      persona: null,
      exemplars: [exemplar.id],
    };
  };
}

function checkContexts(records: readonly Pick<PopulationRecord, "context">[], datasetId: string): void {
  if (new Set(records.map(({ context }) => contextKey(context))).size > 1) return;
  throw new InputError(
    `exemplar-placebo shows texts of other contexts, and those of \`${datasetId}\` that it can show have one context. Give texts of other people: {exemplar-placebo: {path: FILE}}.`,
  );
}
