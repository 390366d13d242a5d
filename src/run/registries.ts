import { datasets } from "../data/registry.ts";
import { encoders } from "../encoders/registry.ts";
import { methods } from "../methods/registry.ts";
import { metrics } from "../metrics/registry.ts";
import { models } from "../models/registry.ts";
import type { Registries } from "./experiment.ts";

/** Every plug-in that ships with mopbench. */
export const registries: Registries = { datasets, models, encoders, methods, metrics };
