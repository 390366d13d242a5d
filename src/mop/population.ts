import { InputError } from "../core/errors.ts";
import { row } from "../core/matrix.ts";
import { type Context, contextKey, type PopulationRecord } from "../core/record.ts";
import type { Stream } from "../core/stream.ts";
import type { Encoder } from "../encoders/encoder.ts";
import type { Draw } from "../prompts/draw.ts";
import type { PromptRenderer } from "../prompts/prompt.ts";
import type { Artifact } from "./artifact.ts";
import { contextText } from "./encoder-view.ts";
import { heaviest } from "./heaviest.ts";
import { projectContexts } from "./projections.ts";
import { exemplarsInUse, rowOf, type SimplexTable } from "./simplex-table.ts";

/** What a context asks of the gates, worked out once. */
interface ContextGates {
  /** pi(x), K. */
  readonly personas: Float64Array;
  /** x~.e~_j, N. */
  readonly logits: Float64Array;
  /** The M heaviest or the listed pairs and their weights; null when all pairs are active. */
  readonly active: { readonly pairs: Int32Array; readonly weights: Float64Array } | null;
}

/** A fitted mixture that draws prompts: k ~ pi(x), j ~ Omega_k(x), temperature tau_k. */
export class Population {
  readonly realTextsSeen: number;
  readonly summary: string;
  /** The pool, then the records that personas quote (weight 0: they are shown with their persona). */
  readonly exemplars: readonly PopulationRecord[];
  /** sum_k pi_k(x) Omega_kj(x), over `exemplars`; absent where prompts show none. */
  readonly exemplarWeights?: (context: Context) => Float64Array;
  readonly #artifact: Artifact;
  readonly #prompts: PromptRenderer;
  readonly #encoder: Encoder | null;
  readonly #pool: readonly PopulationRecord[];
  readonly #projections = new Map<string, Float32Array>();
  readonly #gates = new Map<string, ContextGates>();
  readonly #exemplarWeights = new Map<string, Float64Array>();
  /** g~_k.e~_j: K x N, zero for uniform gates. */
  readonly #personaLogits: Float64Array;

  /**
   * @param records where the texts of exemplars and quotes are found that the artifact leaves out
   * @param encoder that of the fit; null: only the contexts of the artifact can be asked for
   * @throws InputError when a text is nowhere to be found or the encoder is another one
   */
  constructor(
    artifact: Artifact,
    prompts: PromptRenderer,
    records: readonly PopulationRecord[],
    encoder: Encoder | null,
  ) {
    if (encoder !== null && embeds(artifact) && encoder.fingerprint !== artifact.encoder.fingerprint)
      throw new InputError(
        `The artifact was fitted with the encoder ${artifact.encoder.id} (${artifact.encoder.fingerprint.slice(0, 12)}), not with ${encoder.id} (${encoder.fingerprint.slice(0, 12)}): use the same data and options, and name that encoder (\`encoders\`, and the method's \`encoder\` where it is not the first).`,
      );
    const byId = new Map(records.map((r) => [r.id, r]));
    const find = (id: string): PopulationRecord => {
      const found = byId.get(id);
      if (found === undefined)
        throw new InputError(`The artifact leaves out texts, and record \`${id}\` is not in the data: give them.`);
      return found;
    };
    this.#artifact = artifact;
    this.#prompts = prompts;
    this.#encoder = encoder;
    this.#pool = artifact.exemplars.map(({ id, context, label, text }) =>
      text === null ? find(id) : { id, context: { text: context, label }, text },
    );
    const quoted = [...new Set(artifact.personas.flatMap((persona) => persona.quotes))];
    const inPool = new Set(this.#pool.map((r) => r.id));
    this.exemplars = [...this.#pool, ...quoted.filter((id) => !inPool.has(id)).map(find)];
    this.realTextsSeen = countShown(artifact, this.#pool, quoted);
    if (this.#pool.length > 0) this.exemplarWeights = (context) => this.#weighExemplars(context);
    this.summary = summarize(artifact);
    const { personas, exemplars, contexts } = artifact.matrices;
    this.#personaLogits = new Float64Array(artifact.personas.length * this.#pool.length);
    if (personas !== null && exemplars !== null)
      for (let k = 0; k < personas.rows; k++)
        for (let j = 0; j < exemplars.rows; j++)
          this.#personaLogits[k * exemplars.rows + j] = this.#similarity(row(personas, k), row(exemplars, j));
    if (contexts !== null)
      for (const [c, context] of artifact.contexts.entries())
        this.#projections.set(contextKey(context), row(contexts, c));
  }

  async prepare(contexts: readonly Context[]): Promise<void> {
    if (!embeds(this.#artifact)) return;
    const fresh = new Map(contexts.map((context) => [contextKey(context), context]));
    for (const key of fresh.keys()) if (this.#projections.has(key)) fresh.delete(key);
    const [first] = fresh.keys();
    if (first === undefined) return;
    if (this.#encoder === null)
      throw new InputError(`The artifact does not know the context \`${first}\`, and there is no encoder to embed it.`);
    const { view } = this.#artifact.encoder;
    const texts = [...fresh.values()].map((context) => contextText(context, view));
    const projected = projectContexts(this.#artifact, await this.#encoder.encode(texts));
    for (const [i, key] of [...fresh.keys()].entries()) this.#projections.set(key, row(projected, i));
  }

  draw(context: Context, random: Stream): Draw {
    const gates = this.#gatesOf(context);
    const N = this.#pool.length;
    let k: number;
    let j: number | null;
    if (gates.active !== null) {
      const pair = gates.active.pairs[random.weighted(gates.active.weights)]!;
      k = Math.floor(pair / Math.max(1, N));
      j = N === 0 ? null : pair % N;
    } else {
      k = random.weighted(gates.personas);
      j = N === 0 ? null : random.weighted(this.#exemplarGate(gates, k));
    }
    const persona = this.#artifact.personas[k]!;
    const shown = j === null ? [] : [this.#pool[j]!];
    return {
      prompt: this.#prompts.render({ context, persona: persona.text, exemplars: shown }),
      persona: persona.id,
      exemplars: [...persona.quotes, ...shown.map((r) => r.id)],
      decoding: { temperature: this.#artifact.temperatures[k]! },
    };
  }

  /** pi(x). */
  personaWeights(context: Context): Float64Array {
    const gates = this.#gatesOf(context);
    if (gates.active === null) return gates.personas;
    const weights = new Float64Array(gates.personas.length);
    const N = Math.max(1, this.#pool.length);
    for (const [a, pair] of gates.active.pairs.entries()) weights[Math.floor(pair / N)]! += gates.active.weights[a]!;
    return weights;
  }

  #weighExemplars(context: Context): Float64Array {
    const key = this.#keyOf(context);
    const known = this.#exemplarWeights.get(key);
    if (known !== undefined) return known;
    const gates = this.#gatesOf(context);
    const N = this.#pool.length;
    const weights = new Float64Array(this.exemplars.length);
    if (this.#artifact.gate.kind === "uniform") {
      weights.fill(1 / N, 0, N);
    } else if (gates.active !== null) {
      for (const [a, pair] of gates.active.pairs.entries()) weights[pair % N]! += gates.active.weights[a]!;
    } else {
      for (let k = 0; k < gates.personas.length; k++) {
        const omega = this.#exemplarGate(gates, k);
        for (let j = 0; j < N; j++) weights[j]! += gates.personas[k]! * omega[j]!;
      }
    }
    this.#exemplarWeights.set(key, weights);
    return weights;
  }

  #gatesOf(context: Context): ContextGates {
    const key = this.#keyOf(context);
    const known = this.#gates.get(key);
    if (known !== undefined) return known;
    const found = this.#artifact.simplex === null ? this.#workOut(key) : this.#listed(this.#artifact.simplex, context);
    this.#gates.set(key, found);
    return found;
  }

  /** Contexts with the same weights have the same key. */
  #keyOf(context: Context): string {
    const { gate, simplex } = this.#artifact;
    if (simplex !== null) return String(rowOf(simplex, context));
    return gate.kind === "uniform" ? "" : contextKey(context);
  }

  #listed(simplex: SimplexTable, context: Context): ContextGates {
    const N = Math.max(1, this.#pool.length);
    const pairs = Int32Array.from(simplex.pairs, ([k, j]) => k * N + j);
    const weights = Float64Array.from(row(simplex.weights, rowOf(simplex, context)));
    const total = weights.reduce((a, b) => a + b, 0);
    const none = new Float64Array(this.#artifact.personas.length);
    return { personas: none, logits: none, active: { pairs, weights: weights.map((w) => w / total) } };
  }

  #workOut(key: string): ContextGates {
    const { personas, exemplars } = this.#artifact.matrices;
    const K = this.#artifact.personas.length;
    const N = this.#pool.length;
    const toPersonas = new Float64Array(K);
    const logits = new Float64Array(N);
    if (personas !== null) {
      const x = this.#projections.get(key);
      if (x === undefined) throw new RangeError(`\`prepare\` was not told of the context \`${key}\`.`);
      for (let k = 0; k < K; k++) toPersonas[k] = this.#similarity(x, row(personas, k));
      if (exemplars !== null) for (let j = 0; j < N; j++) logits[j] = this.#similarity(x, row(exemplars, j));
    }
    const gates = { personas: softmax(toPersonas), logits, active: null };
    return { ...gates, active: this.#heaviest(gates) };
  }

  /** Omega_k(x), N. */
  #exemplarGate(gates: ContextGates, k: number): Float64Array {
    const N = this.#pool.length;
    const logits = new Float64Array(N);
    for (let j = 0; j < N; j++) logits[j] = gates.logits[j]! + this.#personaLogits[k * N + j]!;
    return softmax(logits);
  }

  #heaviest(gates: ContextGates): ContextGates["active"] {
    const M = this.#artifact.activePairs;
    const K = gates.personas.length;
    const N = Math.max(1, this.#pool.length);
    if (M === null || M >= K * N) return null;
    const weights = new Float64Array(K * N);
    for (let k = 0; k < K; k++) {
      const omega = this.#pool.length === 0 ? Float64Array.of(1) : this.#exemplarGate(gates, k);
      for (let j = 0; j < N; j++) weights[k * N + j] = gates.personas[k]! * omega[j]!;
    }
    const pairs = heaviest(weights, M);
    const kept = Float64Array.from(pairs, (pair) => weights[pair]!);
    const total = kept.reduce((a, b) => a + b, 0);
    return { pairs, weights: kept.map((value) => value / total) };
  }

  #similarity(a: Float32Array, b: Float32Array): number {
    let sum = 0;
    for (let d = 0; d < a.length; d++) sum += a[d]! * b[d]!;
    return sum / (this.#artifact.gate.cosineTemperature ?? 1);
  }
}

/** Distinct records that prompts can show: of the pool, and those quoted by personas. */
function countShown({ simplex }: Artifact, pool: readonly PopulationRecord[], quoted: readonly string[]): number {
  const used = simplex === null ? null : exemplarsInUse(simplex);
  const shown = pool.filter((_, j) => used?.has(j) ?? true).map((record) => record.id);
  return new Set([...shown, ...quoted]).size;
}

/** Whether the gates see embeddings. */
function embeds({ gate }: Artifact): boolean {
  return gate.kind === "learned" || gate.kind === "cosine";
}

function softmax(logits: Float64Array): Float64Array {
  let max = Number.NEGATIVE_INFINITY;
  for (const value of logits) if (value > max) max = value;
  const powers = logits.map((value) => Math.exp(value - max));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((value) => value / sum);
}

function summarize({ personas, exemplars, gate, activePairs, fit }: Artifact): string {
  const parts = [`K = ${personas.length}`, `N = ${exemplars.length}`, `${gate.kind} gates`];
  if (activePairs !== null) parts.push(`M = ${activePairs}`);
  const told = fit?.summary;
  if (typeof told === "string") parts.push(told);
  return parts.join(", ");
}
