import { z } from "zod";
import { defineEncoder } from "./encoder.ts";
import { fitLsa } from "./lsa/lsa.ts";

const options = z.strictObject({
  name: z.literal("lsa").describe("The kind of embedded encoder: `lsa`, latent semantic analysis."),
  dimensions: z
    .int()
    .min(2)
    .max(1024)
    .default(128)
    .describe("Width of the embeddings; it shrinks to what the texts carry."),
  terms: z
    .int()
    .min(2)
    .max(1_000_000)
    .default(30_000)
    .describe("At most this many words and word pairs have a column."),
});

/** `embedded:lsa`: fitted on the dataset's background part only, for runs without a network. */
export const embedded = defineEncoder<z.infer<typeof options>>({
  summary: "Latent semantic analysis (`embedded:lsa`), fitted on the dataset's background part.",
  notes: { runs: "in process", key: "none", page: "[embedded](#embedded)" },
  options,
  shorthand: (text) => ({ name: text }),
  id: ({ name }) => `embedded:${name}`,
  create: ({ dimensions, terms }, { background }, id) =>
    fitLsa(
      id,
      background.map((record) => record.text),
      { dimensions, terms },
    ),
});
