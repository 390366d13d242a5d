import type { Plugin } from "../plugins/plugin.ts";

/** The embedded world: a population whose true persons are known, and n-gram models that learn from its background part. */
export const embedded: Plugin = {
  name: "mopbench-embedded",
  version: "1",
  datasets: [{ id: "townsquare", load: async () => (await import("./townsquare/townsquare.ts")).townsquareDataset }],
  models: [{ id: "embedded", load: async () => (await import("./ngram/embedded.ts")).embedded }],
};
