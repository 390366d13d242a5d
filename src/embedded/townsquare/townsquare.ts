import { z } from "zod";
import {
  checkPoolSize,
  type DatasetDefinition,
  defineDataset,
  InputError,
  loadCard,
  type PopulationRecord,
  partChecksums,
  Stream,
  seedNumber,
  splitRecords,
  type Truth,
} from "../ports.ts";
import { NoteWriter } from "./compose.ts";
import { SCENES } from "./contexts.ts";
import { convenienceSample, EASY_TO_REACH, LARGEST_SKEW, skewedShares } from "./convenience.ts";
import { type Population, townPopulation, weightsByContext } from "./population.ts";
import { readTownWords, type TownWords } from "./town-words.ts";

const townsquareOptions = z.strictObject({
  skew: z
    .number()
    .min(0)
    .max(LARGEST_SKEW)
    .default(0.3)
    .describe(
      `Total variation between the owners' shares in the exemplar pool and the true ones, 0 (none) to ${LARGEST_SKEW}.`,
    ),
  records: z.int().min(500).max(100_000).default(12_600).describe("How many notes the town writes."),
  seed: seedNumber.default(0).describe("Another seed is another town of the same people."),
  splitSeed: seedNumber.default(0).describe("Another number is another split of the same notes."),
});

type TownsquareOptions = z.infer<typeof townsquareOptions>;

/**
 * The embedded population: short notes on places in a town by twelve latent personas, generated, with the true weights known.
 * No file is read but its card and its words. The exemplar pool is a convenience sample (`skew`); the parts follow the true weights.
 */
const definition = defineDataset<TownsquareOptions>({
  summary: "The embedded population: notes on a town's places by twelve known personas.",
  options: townsquareOptions,
  id: () => "townsquare",
  create: async (options, _environment, id) => {
    const card = await loadCard("townsquare");
    const words = readTownWords();
    const population = townPopulation(words.residents);
    const town = writeTown(words, population, options.records, options.seed);
    const { parts } = splitRecords({ records: town.records, test: null, drawnAnew: true }, options.splitSeed, id);
    const truth = truthOf(words, population, town.owners);
    const easy = truth.owners.map((name) => EASY_TO_REACH.has(name));
    const shares = skewedShares(population.marginal, easy, options.skew);
    const random = Stream.root(options.splitSeed).derive("townsquare", "pool");
    return {
      id,
      card: {
        name: card.name,
        title: card.title,
        summary: card.summary,
        source: card.source,
        revision: card.revision,
        license: card.license,
        language: card.language,
        prompts: card.prompts,
      },
      parts,
      nearCopies: null,
      pool: (size) => {
        checkPoolSize(size, parts.train.length);
        return convenienceSample(parts.train, truth.ownerOf, truth.owners, shares, size, random.derive(size));
      },
      truth,
      locator: { dataset: "townsquare", options, parts: partChecksums(parts) },
    };
  },
});

export const townsquareDataset: DatasetDefinition = { ...definition, card: "townsquare" };

/** A town's notes, their texts all different, and each one's true owner by position among the residents. */
export interface Town {
  readonly records: readonly PopulationRecord[];
  readonly owners: ReadonlyMap<string, number>;
}

/**
 * Draws scene by p(x), owner by pi*(x), then a text. A text that was written before is drawn again for the same scene and
 * owner, so shares stay true.
 */
export function writeTown(words: TownWords, population: Population, count: number, seed: number): Town {
  const writer = new NoteWriter(words);
  const random = Stream.root(seed).derive("townsquare", "notes");
  const seen = new Set<string>();
  const records: PopulationRecord[] = [];
  const owners = new Map<string, number>();
  for (let i = 0; i < count; i++) {
    const position = random.weighted(population.scenes);
    const owner = random.weighted(population.owners[position]!);
    const scene = SCENES[position]!;
    let text: string;
    do text = writer.write(words.residents[owner]!, scene, random);
    while (seen.has(text));
    seen.add(text);
    const id = `note-${String(i + 1).padStart(5, "0")}`;
    records.push({ id, context: scene.context, text });
    owners.set(id, owner);
  }
  return { records, owners };
}

function truthOf(words: TownWords, population: Population, ownerById: ReadonlyMap<string, number>): Truth {
  return {
    owners: words.residents.map((resident) => resident.name),
    weights: weightsByContext(population),
    ownerOf: (id) => {
      const owner = ownerById.get(id);
      if (owner === undefined) throw new InputError(`townsquare has no record \`${id}\`.`);
      return owner;
    },
  };
}
