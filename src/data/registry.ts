import type { Lazy } from "../core/lazy-registry.ts";
import type { DatasetDefinition } from "./dataset.ts";

/** Where data come from. One line a source. */
export const sources: readonly Lazy<DatasetDefinition>[] = [
  { id: "file", load: async () => (await import("./file.ts")).fileDataset },
];

/** Data sets of the hub that a config can name by their card, `datasets/<name>.yaml`. One line a card. */
export const cards = ["ag_news", "yelp", "sst2", "imdb"] as const;

/** The cards as a config names them. */
export const carded: readonly Lazy<DatasetDefinition>[] = cards.map((name) => ({
  id: name,
  load: async () => (await import("./hub-card.ts")).hubCardDataset(name),
}));
