import type { RunManifest } from "../analysis/run-manifest.ts";
import type { Stage } from "./stage.ts";

/**
 * What to say of the models and encoders of a resumed run whose `${NAME}` hold other values than when it was begun, a sentence each.
 * It goes on: a server that moved or a token that was renewed is what variables are for. The sentence stands in every report, since
 * the same may be another model's server.
 */
export function changedVariables(previous: RunManifest | null, { models, encoders, dataset }: Stage): string[] {
  const earlier = [...(previous?.models ?? []), ...(previous?.encoders ?? [])];
  return [...models, ...encoders].flatMap(({ id, description }) => {
    const before = earlier.find((thing) => thing.id === id)?.description[dataset.id]?.variables;
    if (before === undefined || before === description.variables) return [];
    return `\`${id}\`: the environment's variables in its options hold other values than when this run was begun; what it gave before was kept.`;
  });
}
