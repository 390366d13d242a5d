import type { z } from "zod";

/**
 * A plug-in of some kind (model provider, encoder, method, metric, dataset source): typed, documented options and a factory.
 * One source file, one test beside it, one line in the kind's registry.ts.
 */
export interface Plugin<Options, Environment, Thing> {
  /** Checks and defaults the options; unknown keys are errors (`z.strictObject`). */
  readonly options: z.ZodType<Options>;
  /** One sentence for `--help`, docs and errors. */
  readonly summary: string;
  create(options: Options, environment: Environment): Thing | Promise<Thing>;
}
