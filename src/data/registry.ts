import type { Definition, Named } from "../core/definition.ts";
import type { Lazy } from "../core/lazy-registry.ts";
import type { Dataset, DatasetEnvironment } from "./dataset.ts";

/** A source of data sets, or one data set that is known by its card. */
export interface DatasetDefinition extends Definition<Named<DatasetEnvironment>, Dataset> {
  /** The card in datasets/ that says who it is; absent: a source of the user's own data. */
  readonly card?: string;
  /** How a config names one, where the name alone is not enough. */
  readonly example?: string;
}

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
