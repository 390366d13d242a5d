import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { FitContext } from "../mop/fit-context.ts";
import { fitMixture } from "../mop/fit-mixture.ts";
import { type FittedOptions, fittedOptions } from "../mop/options.ts";
import type { Population } from "../mop/population.ts";
import { personaTexts } from "./mop-world.ts";

/** For tests: fits mop to the small world of test-world.ts, with its three personas. */
export async function learn(
  context: FitContext,
  given: Partial<FittedOptions> = {},
  withPool = false,
): Promise<{ population: Population; artifactFile: string }> {
  const file = path.join(context.artifactDir, "three.txt");
  await writeFile(file, personaTexts.join("\n"));
  const options = fittedOptions.parse({
    personaSource: "file",
    personaFile: file,
    pairs: 6,
    rank: 8,
    learningRate: 0.02,
    ...given,
  });
  const population = await fitMixture(context, "mop", { kind: "learned", options }, withPool);
  return { population, artifactFile: path.join(context.artifactDir, "mop.json") };
}
