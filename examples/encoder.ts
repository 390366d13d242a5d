// An encoder: texts as counts of character trigrams, hashed into 512 columns. Needs no model and knows every language a little.
//
//   plugins: [./encoder.ts]
//   encoder: trigrams
import { defineEncoder, definePlugin, z } from "mopbench";

const options = z.strictObject({
  width: z.int().min(8).max(65_536).default(512).describe("Columns that trigrams are hashed into."),
});

const trigrams = defineEncoder<z.infer<typeof options>>({
  summary: "counts of character trigrams, hashed",
  options,
  id: () => "trigrams",
  create: ({ width }, _environment, id) => ({
    id,
    width,
    normalized: false,
    fingerprint: `trigrams 1, ${width}`, // whatever changes the numbers stands here: it is the key of stored embeddings
    description: { width },
    async encode(texts) {
      const data = new Float32Array(texts.length * width);
      for (const [i, text] of texts.entries())
        for (const trigram of trigramsOf(text)) data[i * width + (hash(trigram) % width)]! += 1;
      return { data, rows: texts.length, cols: width };
    },
  }),
});

/** Also of the empty text, so that no row is all zeros. */
function trigramsOf(text: string): string[] {
  const padded = ` ${text.toLowerCase()}  `;
  return Array.from({ length: padded.length - 2 }, (_, i) => padded.slice(i, i + 3));
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return state;
}

export default definePlugin({
  name: "example-encoder",
  version: "1.0.0",
  encoders: [{ id: "trigrams", load: async () => trigrams }],
});
