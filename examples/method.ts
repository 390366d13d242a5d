// A method: every answer comes from somebody in a mood of their own.
//
//   plugins: [./method.ts]
//   methods: [{ mood: { moods: [cheerful, tired, annoyed] } }]
import { defineMethod, definePlugin, NO_CALLS, oneCallEach, z } from "mopbench";

const options = z.strictObject({
  moods: z
    .array(z.string().min(1))
    .min(1)
    .default(["cheerful", "tired", "annoyed", "curious"])
    .describe("Drawn evenly."),
});

const mood = defineMethod<z.infer<typeof options>>({
  summary: "a persona that is nothing but a mood",
  options,
  id: () => "mood",
  create: ({ moods }) => ({
    name: "mood",
    needs: [], // what a model must be able to do; e.g. "promptLogprobs" for a fit by likelihood
    sees: "0", // how many real texts its prompts show
    cost: () => ({ fit: NO_CALLS, exemplarsPerPrompt: 0, personaBytes: 100 }),
    fit: async ({ prompts }) => ({
      realTextsSeen: 0,
      summary: `${moods.length} moods`,
      exemplars: [],
      fill: oneCallEach((context, random) => {
        const drawn = random.pick(moods);
        const prompt = prompts.render({ context, persona: `someone who is ${drawn} today`, exemplars: [] });
        return { prompt, persona: drawn, exemplars: [] };
      }),
    }),
  }),
});

export default definePlugin({
  name: "example-method",
  version: "1.0.0",
  methods: [{ id: "mood", load: async () => mood }],
});
