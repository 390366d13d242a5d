import { z } from "zod";
import { InputError } from "../core/errors.ts";
import type { JsonObject } from "../core/hash.ts";
import type { Matrix } from "../core/matrix.ts";
import { MOST_TEXT_BYTES, readGiven } from "../storage/regular-file.ts";
import { DamagedError, isSealed, writeSealed } from "../storage/sealed.ts";
import { decodeMatrix, type EncodedMatrix, encodeMatrix } from "./matrix-codec.ts";
import { findMisfitOf, type SimplexTable } from "./simplex-table.ts";

const encodedMatrix = z.object({
  shape: z.tuple([z.int().min(0), z.int().min(0)]).readonly(),
  float32: z.string(),
});
const finite = z.number();
const json: z.ZodType<JsonObject> = z.record(z.string(), z.json());

const schema = z.object({
  /** 2: the file carries its checksum. Files of schema 1 have none. */
  schema: z.literal(2),
  method: z.string(),
  /** Hash of all that decided the fit; a finished fit with the same hash is used again. */
  fitHash: z.string(),
  dataset: z.object({ id: z.string(), locator: json, train: z.string(), pool: z.string() }),
  /** Distinct contexts of the fitted records, with how many records each has. */
  contexts: z.array(z.object({ text: z.string(), label: z.string().nullable(), count: z.int().min(1) })).readonly(),
  prompts: z.object({ instruction: z.string(), persona: z.string(), example: z.string(), task: z.string() }),
  decoding: z.object({ temperature: finite, topP: finite, maxTokens: z.int() }),
  encoder: z.object({
    id: z.string(),
    fingerprint: z.string(),
    width: z.int().min(1),
    description: json,
    /** What it sees of contexts and exemplars. */
    view: z.object({ exemplar: z.enum(["both", "context", "text"]), label: z.boolean() }),
  }),
  personas: z
    .array(
      z.object({
        id: z.string(),
        text: z.string(),
        size: z.int().nullable(),
        quotes: z.array(z.string()).readonly(),
      }),
    )
    .min(1)
    .readonly(),
  /** The pool in order; `text` null where texts were left out. Empty: prompts show no exemplar. */
  exemplars: z
    .array(z.object({ id: z.string(), context: z.string(), label: z.string().nullable(), text: z.string().nullable() }))
    .readonly(),
  /** How pi and Omega come about: learned projections, cosines over a temperature, nothing, or weights listed pair by pair. */
  gate: z.object({ kind: z.enum(["learned", "cosine", "uniform", "simplex"]), cosineTemperature: finite.nullable() }),
  /** Pairs that generation draws from in each context; null: all. */
  activePairs: z.int().min(1).nullable(),
  /** tau_k by persona. */
  temperatures: z.array(finite.positive()).readonly(),
  /** Mean of tau_k over the fitted contexts and pi: what a control answers at. */
  meanTemperature: finite.positive(),
  matrices: z.object({
    contextWeights: encodedMatrix.nullable(),
    personaWeights: encodedMatrix.nullable(),
    exemplarWeights: encodedMatrix.nullable(),
    contexts: encodedMatrix.nullable(),
    personas: encodedMatrix.nullable(),
    exemplars: encodedMatrix.nullable(),
  }),
  /** The listed weights of a simplex gate. */
  simplex: z
    .object({
      by: z.enum(["context", "label"]),
      groups: z.array(z.string()).readonly(),
      pairs: z
        .array(z.tuple([z.int().min(0), z.int().min(0)]).readonly())
        .min(1)
        .readonly(),
      weights: encodedMatrix,
    })
    .nullable(),
  model: z.object({ id: z.string(), description: json }),
  /** Name of the stream that everything random in the fit came from: the run's seed, dataset, model and method. */
  random: z.string(),
  /** What the fit reports: curve, penalties, effective numbers, bias. */
  fit: json.nullable(),
});

type Stored = z.infer<typeof schema>;

/** W_x (d x (H + 1)), W_g and W_e (d x H), and the projections x~ (of `contexts`), g~, e~; null where the gate has none. */
export type ArtifactMatrices = { readonly [Name in keyof Stored["matrices"]]: Matrix | null };

/** A fitted mixture: all that generating needs. `mop.json` in memory, its matrices decoded. */
export interface Artifact extends Omit<Stored, "matrices" | "simplex"> {
  readonly matrices: ArtifactMatrices;
  readonly simplex: SimplexTable | null;
}

/** Writes `mop.json`, sealed, whole or not at all, members in the schema's order: equal artifacts give equal bytes. */
export async function saveArtifact(file: string, artifact: Artifact): Promise<void> {
  const m = artifact.matrices;
  const encode = (matrix: Matrix | null) => (matrix === null ? null : encodeMatrix(matrix));
  const stored: Stored = {
    ...artifact,
    matrices: {
      contextWeights: encode(m.contextWeights),
      personaWeights: encode(m.personaWeights),
      exemplarWeights: encode(m.exemplarWeights),
      contexts: encode(m.contexts),
      personas: encode(m.personas),
      exemplars: encode(m.exemplars),
    },
    simplex: artifact.simplex && { ...artifact.simplex, weights: encodeMatrix(artifact.simplex.weights) },
  };
  await writeSealed(file, JSON.stringify(schema.parse(stored), null, 1));
}

/**
 * Reads and checks an artifact: its checksum, every field, every shape, every number.
 * @throws DamagedError when it is not as it was written; InputError naming the file and the first thing that does not fit
 */
export async function loadArtifact(file: string): Promise<Artifact> {
  const parsed = schema.safeParse(await read(file));
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new InputError(`${file}: \`${issue.path.join(".")}\`: ${issue.message}.`);
  }
  const { matrices, simplex, ...rest } = parsed.data;
  const decoded = (name: string, encoded: EncodedMatrix): Matrix => {
    const found = decodeMatrix(encoded);
    if (typeof found === "string") throw new InputError(`${file}: \`${name}\` ${found}.`);
    return found;
  };
  const decode = (name: keyof Stored["matrices"]): Matrix | null => {
    const encoded = matrices[name];
    return encoded === null ? null : decoded(`matrices.${name}`, encoded);
  };
  const artifact = {
    ...rest,
    matrices: {
      contextWeights: decode("contextWeights"),
      personaWeights: decode("personaWeights"),
      exemplarWeights: decode("exemplarWeights"),
      contexts: decode("contexts"),
      personas: decode("personas"),
      exemplars: decode("exemplars"),
    },
    simplex: simplex && { ...simplex, weights: decoded("simplex.weights", simplex.weights) },
  };
  const misfit = findMisfit(artifact);
  if (misfit !== null) throw new InputError(`${file}: ${misfit}.`);
  return artifact;
}

/** What the file says, as one of schema 2. */
async function read(file: string): Promise<object> {
  const bytes = await readGiven(file, { most: MOST_TEXT_BYTES }).catch((cause: unknown) => {
    throw cause instanceof InputError ? new InputError(`${cause.message} ${WHENCE}`, { cause }) : cause;
  });
  const sealed = isSealed(bytes);
  let raw: unknown;
  try {
    raw = JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw noArtifact(file, "it is not JSON", cause);
  }
  if (typeof raw !== "object" || raw === null) throw noArtifact(file, "it holds no object");
  const version = "schema" in raw ? raw.schema : undefined;
  if (version === 2 && sealed) return raw;
  if (version === 2)
    throw new DamagedError(
      `${file} is damaged or was changed: it does not fit its own checksum. Take a sound copy, or fit again.`,
    );
  // What version 0.1 wrote has no checksum; all else is the same.
  if (version === 1 && !("checksum" in raw)) return { ...raw, schema: 2 };
  throw new InputError(`${file} is no MoP artifact of schema 2 or 1 (\`schema\` is ${String(version)}).`);
}

function noArtifact(file: string, reason: string, cause?: unknown): InputError {
  return new InputError(`${file} is no MoP artifact: ${reason}. ${WHENCE}`, { cause });
}

const WHENCE = "`mopbench run` with the method `mop` writes a MoP artifact.";

/** The first pair of parts whose sizes disagree, in words; null when all fit. */
export function findMisfit(artifact: Artifact): string | null {
  const { matrices, gate, encoder, personas, exemplars, contexts, temperatures, simplex } = artifact;
  const [K, N, C, H] = [personas.length, exemplars.length, contexts.length, encoder.width];
  if (temperatures.length !== K) return `\`temperatures\` has ${temperatures.length} values for ${K} personas`;
  const learned = gate.kind === "learned";
  const weighted = learned || gate.kind === "cosine";
  if ((gate.kind === "simplex") !== (simplex !== null))
    return `\`simplex\` ${simplex === null ? "is missing in" : "has no place in"} a ${gate.kind} gate`;
  const rank = matrices.personas?.cols ?? 0;
  const expected: readonly [keyof ArtifactMatrices, boolean, number, number][] = [
    ["contextWeights", learned, rank, H + 1],
    ["personaWeights", learned, rank, H],
    ["exemplarWeights", learned && N > 0, rank, H],
    ["contexts", weighted, C, rank],
    ["personas", weighted, K, rank],
    ["exemplars", weighted && N > 0, N, rank],
  ];
  for (const [name, present, rows, cols] of expected) {
    const m = matrices[name];
    if (!present && m !== null) return `\`matrices.${name}\` has no place in a ${gate.kind} gate`;
    if (present && m === null) return `\`matrices.${name}\` is missing`;
    if (m !== null && (m.rows !== rows || m.cols !== cols))
      return `\`matrices.${name}\` is ${m.rows} x ${m.cols}; ${rows} x ${cols} would fit`;
  }
  if (gate.kind === "cosine" && !(gate.cosineTemperature !== null && gate.cosineTemperature > 0))
    return "`gate.cosineTemperature` must be a positive number";
  return simplex === null ? null : findMisfitOf(simplex, K, N);
}
