import { z } from "zod";
import { seedNumber } from "../config/bounds.ts";
import { InputError } from "../core/errors.ts";
import { loadCard } from "./card.ts";
import type { DatasetDefinition } from "./dataset.ts";
import { defineDataset } from "./dataset.ts";

const options = z.strictObject({
  splitSeed: seedNumber.default(0).describe("Another number is another split of the same data."),
});

/**
 * A dataset known by its card alone: its texts lie on the hub, which this version does not read. Naming it ends in an
 * InputError that says how a local copy is used.
 */
export function hubCardDataset(name: string): DatasetDefinition {
  const definition = defineDataset<z.infer<typeof options>>({
    summary: `The hub's ${name}, as its card datasets/${name}.yaml says.`,
    options,
    id: () => name,
    create: async () => {
      throw new InputError(await insteadOf(name));
    },
  });
  return { ...definition, card: name };
}

async function insteadOf(name: string): Promise<string> {
  const { hub } = await loadCard(name);
  if (hub === null) throw new Error(`The card ${name} has no hub part.`);
  const { text, context, label } = hub.columns;
  const fields = [
    `path: ${name}_train.parquet`,
    `gold: ${name}_test.parquet`,
    `text: ${text}`,
    ...(context === null ? [] : [`context: ${context}`]),
    ...(label === null ? [] : [`label: ${label}`]),
  ];
  return (
    `The dataset \`${name}\` is ${hub.id} on the Hugging Face hub, and this version reads no hub. ` +
    `Download its files and name them in the config: {file: {${fields.join(", ")}, as: ${name}}}.`
  );
}
