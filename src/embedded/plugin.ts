import type { Plugin } from "./ports.ts";

/**
 * The embedded world as a plug-in: a population whose true persons are known, and n-gram models that learn from its background
 * part. The one file of it that the rest of the program imports; the others are loaded where a run names what they make.
 */
export const embedded: Plugin = {
  name: "mopbench-embedded",
  version: "0.1.0",
  datasets: [{ id: "townsquare", load: async () => (await import("./townsquare/townsquare.ts")).townsquareDataset }],
  models: [{ id: "embedded", load: async () => (await import("./ngram/embedded.ts")).embedded }],
};
