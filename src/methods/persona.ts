import { z } from "zod";
import { pathText } from "../config/bounds.ts";
import { personasOption } from "../mop/exemplar-pool.ts";
import { personasOf } from "../mop/ingredients.ts";
import { givenPersonas } from "../mop/personas/persona-file.ts";
import { voidPersonaFile } from "../mop/void-options.ts";
import { personaCost } from "./cost.ts";
import { oneCallEach } from "./fill.ts";
import { defineMethod, type Method, type MethodEnvironment } from "./method.ts";

/** MoP's personas without its gates and exemplars: one description drawn uniformly. */
export const persona = defineMethod({
  summary: "Personas synthesized from clusters of train, drawn uniformly; no real text is shown.",
  notes: {
    "needs of the model": "none; `instructions` when the model writes the personas",
    "real texts": "0; personas derived from train",
    source: "MoP's personas without gates",
  },
  options: z.strictObject({
    personas: personasOption,
    personaSource: z
      .enum(["clusters", "model", "file"])
      .default("clusters")
      .describe("Described by counting (clusters), by the model itself (model), or given (file)."),
    personaFile: pathText
      .nullable()
      .default(null)
      .describe("With `personaSource: file`: lines, or a column `persona`."),
  }),
  voids: [voidPersonaFile],
  id: () => "persona",
  create: async (options, { baseDir }: MethodEnvironment): Promise<Method> => {
    if (options.personaSource === "file") await givenPersonas(baseDir, options); // a wrong file stops a run before it spends
    return {
      name: "persona",
      needs: options.personaSource === "model" ? ["instructions"] : [],
      sees: options.personaSource === "file" ? "0" : "0; personas derived from train",
      cost: (data) => personaCost(data, options),
      fit: async (context) => {
        const { prompts } = context;
        const rows = await context.encoder.encode(context.train.map((r) => r.text));
        const personas = await personasOf(context, baseDir, options, rows);
        return {
          realTextsSeen: 0,
          summary: `K = ${personas.length}, uniform`,
          exemplars: [],
          fill: oneCallEach((asked, random) => {
            const drawn = random.pick(personas);
            return {
              prompt: prompts.render({ context: asked, persona: drawn.text, exemplars: [] }),
              persona: drawn.id,
              exemplars: [],
            };
          }),
        };
      },
    };
  },
});
