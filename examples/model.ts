// A base model: it answers with a text that somebody of the background part really wrote. What every real model must beat on
// alignment, though it answers nothing.
//
//   plugins: [./model.ts]
//   models: [bootstrap]
import { defineModel, definePlugin, InputError, Stream, z } from "mopbench";

const options = z.strictObject({});

const bootstrap = defineModel<z.infer<typeof options>>({
  summary: "a text of the background part, drawn at random",
  options,
  id: () => "bootstrap",
  create: (_options, { background, dataset }, id) => {
    if (background.length === 0) throw new InputError(`bootstrap: the data set \`${dataset}\` has no background part.`);
    return {
      id,
      can: {
        chat: true,
        completion: true,
        promptLogprobs: false,
        endLogprobs: false,
        seed: true,
        instructions: false,
      },
      remark: null,
      description: { texts: background.length },
      // The seed alone decides, so that a run gives the same bytes again.
      async generate({ seed }) {
        const { text } = Stream.root(seed).derive("bootstrap").pick(background);
        return { text, tokensIn: null, tokensOut: null, finish: "stop" };
      },
    };
  },
});

export default definePlugin({
  name: "example-model",
  version: "1.0.0",
  models: [{ id: "bootstrap", load: async () => bootstrap }],
});
