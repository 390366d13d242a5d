import { builtInRegistries } from "../plugins/built-in.ts";

const registries = builtInRegistries();

/** What is built in, all of it loaded, for tests that ask by name. */
export const datasets = await registries.datasets.loaded();
export const models = await registries.models.loaded();
export const encoders = await registries.encoders.loaded();
export const methods = await registries.methods.loaded();
