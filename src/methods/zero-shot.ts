import { z } from "zod";
import { oneCallEach } from "./fill.ts";
import { defineMethod, type Method, type MethodEnvironment } from "./method.ts";

/** The task alone, with its context and label (AttrPrompt calls it SimPrompt). */
export const zeroShot = defineMethod({
  summary: "The task alone: context and label, no persona, no real text.",
  notes: {
    "needs of the model": "none",
    "real texts": "0",
    source: "SimPrompt of AttrPrompt (NeurIPS D&B 2023), without its role slot",
  },
  options: z.strictObject({}),
  id: () => "zero-shot",
  create: (_options, _environment: MethodEnvironment): Method => ({
    name: "zero-shot",
    needs: [],
    sees: "0",
    fit: async ({ prompts }) => ({
      realTextsSeen: 0,
      summary: "the task alone",
      exemplars: [],
      fill: oneCallEach((context) => ({
        prompt: prompts.render({ context, persona: null, exemplars: [] }),
        persona: null,
        exemplars: [],
      })),
    }),
  }),
});
