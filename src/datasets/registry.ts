import type { Plugin } from "../core/plugin.ts";
import { Registry } from "../core/registry.ts";
import type { Dataset, DatasetEnvironment } from "./dataset.ts";
import { fileDataset } from "./file.ts";

/** Every source of people's texts; `name` and `{name: options}` in a config. */
export const datasets = new Registry<Plugin<DatasetEnvironment & { readonly id: string }, Dataset>>("dataset", {
  file: fileDataset,
});
