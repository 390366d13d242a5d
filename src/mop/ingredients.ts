import path from "node:path";
import { z } from "zod";
import { hashOf } from "../core/hash.ts";
import type { Matrix } from "../core/matrix.ts";
import { type PopulationRecord, recordsChecksum } from "../core/record.ts";
import { Stream } from "../core/stream.ts";
import { readSealedOrNone, writeSealed } from "../storage/sealed.ts";
import { personaCount, poolOf } from "./exemplar-pool.ts";
import { askOf, type FitContext } from "./fit-context.ts";
import type { Persona } from "./personas/persona.ts";
import { givenPersonas } from "./personas/persona-file.ts";
import { type PersonaSource, synthesizePersonas } from "./personas/synthesize.ts";

/** The options that decide personas and pool. */
export interface IngredientOptions {
  readonly personas: number | null;
  readonly exemplars: number | null;
  readonly personaSource: "clusters" | "model" | "records" | "file" | "random";
  readonly personaFile: string | null;
}

/** Personas g_k and pool (x_j, y_j): equal options give equal ones to every method, so that methods differ in weights alone. */
export interface Ingredients {
  readonly personas: readonly Persona[];
  readonly pool: readonly PopulationRecord[];
  /** h(y) of train, one row a record. */
  readonly textRows: Matrix;
}

/** Records of a cluster that a persona quotes, or that a model is shown to describe it. */
const QUOTED = 3;
const SHOWN = 8;

/** What `personas.json` holds. */
const savedPersonas = z.object({
  key: z.string(),
  personas: z.array(
    z.object({ id: z.string(), text: z.string(), size: z.int().nullable(), quotes: z.array(z.string()) }),
  ),
});

/** @throws InputError when K or N is given and impossible, or the persona file is missing. */
export async function gatherIngredients(
  context: FitContext,
  baseDir: string,
  options: IngredientOptions,
  withPool: boolean,
): Promise<Ingredients> {
  const pool = withPool ? poolOf(context, options.exemplars) : [];
  const textRows = await context.encoder.encode(context.train.map((r) => r.text));
  return { personas: await personasOf(context, baseDir, options, textRows), pool, textRows };
}

/** Personas by the options' source. Those that a model writes are saved in `personas.json`, so that a resumed fit has the same. */
export async function personasOf(
  context: FitContext,
  baseDir: string,
  options: Omit<IngredientOptions, "exemplars">,
  textRows: Matrix,
): Promise<readonly Persona[]> {
  if (options.personaSource === "file") return givenPersonas(baseDir, options);
  const count = personaCount(context, options.personas);
  // Not the method's own stream: the same data give every method and model the same clusters.
  const random = Stream.root(0).derive("mop", context.datasetId);
  const make = (source: PersonaSource): Promise<readonly Persona[]> =>
    synthesizePersonas(context.train, textRows, count, source, random);
  if (options.personaSource === "records") return make({ from: "records", quoted: QUOTED });
  if (options.personaSource !== "model") return make({ from: options.personaSource });
  const key = hashOf({
    count,
    train: recordsChecksum(context.train),
    encoder: context.encoder.fingerprint,
    model: [context.model.id, context.model.description],
  });
  const file = path.join(context.artifactDir, "personas.json");
  const saved = await readSealedOrNone(file, savedPersonas);
  if (saved?.key === key) return saved.personas;
  context.progress.note(`personas: ${context.model.id} is asked for ${count} descriptions (${count} calls).`);
  const personas = await make({
    from: "model",
    writer: { ...context, ask: askOf(context), key: `personas-${key}`, examples: SHOWN },
  });
  await writeSealed(file, JSON.stringify({ key, personas }, null, 2));
  return personas;
}
