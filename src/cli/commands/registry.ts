import type { Lazy } from "../../core/lazy-registry.ts";
import type { Command } from "../../plugins/command.ts";

/** The commands, in the order `--help` shows them. One line a command: only the named one's file is loaded. */
export const commands: readonly Lazy<Command>[] = [
  { id: "run", load: () => import("./run.ts") },
  { id: "plan", load: () => import("./plan.ts") },
  { id: "report", load: () => import("./report.ts") },
  { id: "score", load: () => import("./score.ts") },
  { id: "data", load: () => import("./data.ts") },
  { id: "models", load: () => import("./models.ts") },
  { id: "cache", load: () => import("./cache.ts") },
  { id: "schema", load: () => import("./schema.ts") },
];
