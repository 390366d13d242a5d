import { z } from "zod";
import { templateText } from "../config/bounds.ts";
import { NO_CALLS } from "./cost.ts";
import { oneCallEach } from "./fill.ts";
import { defineMethod, type Method, type MethodEnvironment } from "./method.ts";

/** Id of the one persona in samples. */
const PLACEBO = "placebo";

/**
 * One line that says nothing of anybody stands where a persona stands: what any persona does, whoever it describes. What a method
 * with personas gains beyond it comes of what the personas say.
 */
export const personaPlacebo = defineMethod({
  summary: "One line that says nothing of anybody in place of a persona: what any persona does.",
  notes: {
    "needs of the model": "none",
    "real texts": "0",
    source: "ours: what any persona does",
  },
  options: z.strictObject({
    text: templateText.trim().min(1).default("Someone who writes.").describe("The line."),
  }),
  shorthand: (text) => ({ text }),
  id: () => "persona-placebo",
  create: ({ text }, _environment: MethodEnvironment): Method => ({
    name: "persona-placebo",
    needs: [],
    sees: "0",
    cost: () => ({ fit: NO_CALLS, exemplarsPerPrompt: 0, personaBytes: Buffer.byteLength(text) }),
    fit: async ({ prompts }) => ({
      realTextsSeen: 0,
      summary: `the same line for all: ${text}`,
      exemplars: [],
      fill: oneCallEach((context) => ({
        prompt: prompts.render({ context, persona: text, exemplars: [] }),
        persona: PLACEBO,
        exemplars: [],
      })),
    }),
  }),
});
