import type { Definition } from "../core/definition.ts";
import { Registry } from "../core/registry.ts";
import { townsquareDataset } from "../embedded/townsquare/townsquare.ts";
import type { Dataset, DatasetEnvironment } from "./dataset.ts";
import { fileDataset } from "./file.ts";
import { hubCardDataset } from "./hub-card.ts";

/** Every dataset a config can name: the sources, and one line for each card in datasets/. */
export const datasets = new Registry<Definition<DatasetEnvironment & { readonly id: string }, Dataset>>("dataset", {
  townsquare: townsquareDataset,
  file: fileDataset,
  ag_news: hubCardDataset("ag_news"),
  yelp: hubCardDataset("yelp"),
  sst2: hubCardDataset("sst2"),
  imdb: hubCardDataset("imdb"),
});
