import path from "node:path";
import { z } from "zod";
import { pathText, shortText } from "../config/bounds.ts";
import { readPersonas } from "../mop/personas/persona-file.ts";
import { formatOf } from "../storage/tables/table.ts";
import { WRITTEN_PERSONA } from "./cost.ts";
import { oneCallEach } from "./fill.ts";
import { defineMethod, type Method, type MethodEnvironment } from "./method.ts";

/** Persona lines of a file, drawn uniformly (PersonaHub, tencent-ailab/persona-hub, "text with a persona" arm). */
export const personaHub = defineMethod({
  summary: "Persona descriptions from a file (one a line, or a table's column), drawn uniformly.",
  notes: {
    "needs of the model": "none",
    "real texts": "0",
    source: "PersonaHub (arXiv 2406.20094), one line a call",
  },
  options: z.strictObject({
    path: pathText.describe("Plain lines, or a table with the column `column`."),
    column: shortText.default("persona").describe("Column of a table that holds the description."),
  }),
  voids: [
    {
      by: ({ path: file }) => (formatOf(file) === "lines" ? "a file of plain lines" : null),
      options: ["column"],
    },
  ],
  shorthand: (file) => ({ path: file }),
  id: () => "persona-hub",
  create: async (options, { baseDir }: MethodEnvironment): Promise<Method> => {
    const personas = await readPersonas(path.resolve(baseDir, options.path), options.column);
    return {
      name: "persona-hub",
      needs: [],
      sees: "0",
      cost: () => WRITTEN_PERSONA,
      fit: async ({ prompts }) => {
        return {
          realTextsSeen: 0,
          summary: `${personas.length} personas of ${path.basename(options.path)}, uniform`,
          exemplars: [],
          fill: oneCallEach((context, random) => {
            const persona = random.pick(personas);
            return {
              prompt: prompts.render({ context, persona: persona.text, exemplars: [] }),
              persona: persona.id,
              exemplars: [],
            };
          }),
        };
      },
    };
  },
});
