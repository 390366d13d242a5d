import { eager } from "../core/lazy-registry.ts";
import { carded, sources } from "../data/registry.ts";
import { embedded } from "../embedded/plugin.ts";
import { encoders } from "../encoders/registry.ts";
import { methods } from "../methods/registry.ts";
import { metrics } from "../metrics/registry.ts";
import { models } from "../models/registry.ts";
import { formats } from "../report/formats.ts";
import { packageVersion } from "../storage/package-root.ts";
import { composeRegistries, type Registries } from "./compose.ts";
import type { Plugin } from "./plugin.ts";

/** What mopbench itself brings. */
const mopbench: Plugin = {
  name: "mopbench",
  version: packageVersion(),
  datasets: [...sources, ...carded],
  models,
  encoders,
  methods,
  metrics: metrics.names.map((id) => eager(id, metrics.get(id))),
  formats,
};

/** The plug-ins that are always there. */
export const builtIn: readonly Plugin[] = [embedded, mopbench];

/** What configs can name without plug-ins of their own. */
export function builtInRegistries(): Registries {
  return composeRegistries(builtIn);
}
