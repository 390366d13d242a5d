import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { InputError } from "../core/errors.ts";
import { packageRoot } from "../storage/package-root.ts";

/** The four templates of a prompt, in Handlebars; see PromptTemplates for what each slot sees. */
const templatesSchema = z.strictObject({
  instruction: z.string(),
  persona: z.string(),
  example: z.string(),
  task: z.string(),
});

/** Where a dataset of the hub lies, and which of its columns mean what. */
const hubSchema = z.strictObject({
  id: z.string().regex(/^[\w.-]+\/[\w.-]+$/, "a hub id: owner/name"),
  config: z.string().nullable().default(null),
  splits: z.strictObject({ train: z.string(), test: z.string().nullable().default(null) }),
  columns: z.strictObject({
    text: z.string(),
    context: z.string().nullable().default(null),
    label: z.string().nullable().default(null),
  }),
  /** The hub's class numbers, by name. */
  labels: z.record(z.string(), z.string()).default({}),
});

/** One YAML file in datasets/: who a dataset is, where it comes from, under which license, and how it is prompted. */
export const cardSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9_-]+$/),
  title: z.string().min(1),
  summary: z.string().min(1),
  source: z.enum(["townsquare", "hub"]),
  /** A commit of the hub; null for a generator, whose revision is the package's version. */
  revision: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .nullable(),
  license: z.string().min(1),
  language: z.string().min(2),
  homepage: z.string().nullable().default(null),
  /** The text of a context in Handlebars over {context, label}; null: the context column as it stands. */
  contextTemplate: z.string().nullable().default(null),
  hub: hubSchema.nullable().default(null),
  prompts: templatesSchema,
});

export type Card = z.infer<typeof cardSchema>;

/** The folder of the cards that come with mopbench. */
export function cardsFolder(): string {
  return path.join(packageRoot(), "datasets");
}

/** Where the texts of a card's data set are, and whether they are at hand. */
export function whereTextsAre({ hub }: Pick<Card, "hub">): string {
  return hub === null ? "generated, no download" : `on the hub as ${hub.id}, not read by this version`;
}

/**
 * Reads and checks a card. @throws InputError naming the file and the field.
 */
export async function loadCard(name: string, folder: string = cardsFolder()): Promise<Card> {
  const file = path.join(folder, `${name}.yaml`);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new InputError(`There is no dataset card ${file}.`, { cause: error });
  }
  const card = parseCard(text, file);
  if (card.name !== name)
    throw new InputError(`${file}: \`name\` is ${card.name}; it must be the file's name, ${name}.`);
  return card;
}

function parseCard(text: string, file: string): Card {
  let raw: unknown;
  try {
    raw = parseYaml(text);
  } catch (error) {
    throw new InputError(`${file}: not YAML: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
  const result = cardSchema.safeParse(raw);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    throw new InputError(`${file}: \`${issue.path.join(".") || "the card"}\`: ${issue.message}.`);
  }
  if ((result.data.source === "hub") !== (result.data.hub !== null))
    throw new InputError(`${file}: \`hub\` is needed for \`source: hub\`, and for no other source.`);
  return result.data;
}
