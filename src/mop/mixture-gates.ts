import { InputError } from "../core/errors.ts";
import { row } from "../core/matrix.ts";
import { type Context, contextKey } from "../core/record.ts";
import type { Encoder } from "../encoders/encoder.ts";
import type { Artifact } from "./artifact.ts";
import { contextText } from "./encoder-view.ts";
import { heaviest } from "./heaviest.ts";
import { projectContexts } from "./projections.ts";
import { rowOf, type SimplexTable } from "./simplex-table.ts";

/** What the gates say of a context. */
export interface ContextGates {
  /** pi(x), K. */
  readonly personas: Float64Array;
  /** x~.e~_j, N. */
  readonly logits: Float64Array;
  /** The M heaviest or the listed pairs and their weights; null when all pairs are active. A pair is k * max(1, N) + j. */
  readonly active: { readonly pairs: Int32Array; readonly weights: Float64Array } | null;
}

/** The gates of a fitted mixture: weights of personas and exemplars for a context, worked out once for each. */
export class MixtureGates {
  readonly #artifact: Artifact;
  readonly #encoder: Encoder | null;
  readonly #K: number;
  readonly #N: number;
  /** x~ of the contexts known so far, by key. */
  readonly #projections = new Map<string, Float32Array>();
  readonly #memo = new Map<string, ContextGates>();
  /** g~_k.e~_j: K x N, zero for uniform gates. */
  readonly #personaLogits: Float64Array;

  /**
   * @param encoder that of the fit; null: only the contexts of the artifact can be asked for
   * @throws InputError when the encoder is another one
   */
  constructor(artifact: Artifact, encoder: Encoder | null) {
    if (encoder !== null && embeds(artifact) && encoder.fingerprint !== artifact.encoder.fingerprint)
      throw new InputError(
        `The artifact was fitted with the encoder ${artifact.encoder.id} (${artifact.encoder.fingerprint.slice(0, 12)}), not with ${encoder.id} (${encoder.fingerprint.slice(0, 12)}): use the same data and options, and name that encoder (\`encoders\`, and the method's \`encoder\` where it is not the first).`,
      );
    this.#artifact = artifact;
    this.#encoder = encoder;
    this.#K = artifact.personas.length;
    this.#N = artifact.exemplars.length;
    this.#personaLogits = this.#logitsOfPersonas();
    const { contexts } = artifact.matrices;
    if (contexts !== null)
      for (const [c, context] of artifact.contexts.entries())
        this.#projections.set(contextKey(context), row(contexts, c));
  }

  /** Embeds the contexts that are new. @throws InputError when there are some and no encoder */
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

  /** @throws RangeError for a context that was not prepared */
  of(context: Context): ContextGates {
    const key = this.keyOf(context);
    const known = this.#memo.get(key);
    if (known !== undefined) return known;
    const found = this.#artifact.simplex === null ? this.#workOut(key) : this.#listed(this.#artifact.simplex, context);
    this.#memo.set(key, found);
    return found;
  }

  /** Contexts with the same weights have the same key. */
  keyOf(context: Context): string {
    const { gate, simplex } = this.#artifact;
    if (simplex !== null) return String(rowOf(simplex, context));
    return gate.kind === "uniform" ? "" : contextKey(context);
  }

  /** Omega_k(x), N. */
  exemplarGate(gates: ContextGates, k: number): Float64Array {
    const N = this.#N;
    const logits = new Float64Array(N);
    for (let j = 0; j < N; j++) logits[j] = gates.logits[j]! + this.#personaLogits[k * N + j]!;
    return softmax(logits);
  }

  #logitsOfPersonas(): Float64Array {
    const { personas, exemplars } = this.#artifact.matrices;
    const logits = new Float64Array(this.#K * this.#N);
    if (personas !== null && exemplars !== null)
      for (let k = 0; k < personas.rows; k++)
        for (let j = 0; j < exemplars.rows; j++)
          logits[k * exemplars.rows + j] = this.#similarity(row(personas, k), row(exemplars, j));
    return logits;
  }

  /** Gates of embeddings: learned, cosine or, without any, uniform. */
  #workOut(key: string): ContextGates {
    const { personas, exemplars } = this.#artifact.matrices;
    const toPersonas = new Float64Array(this.#K);
    const logits = new Float64Array(this.#N);
    if (personas !== null) {
      const x = this.#projections.get(key);
      if (x === undefined) throw new RangeError(`\`prepare\` was not told of the context \`${key}\`.`);
      for (let k = 0; k < this.#K; k++) toPersonas[k] = this.#similarity(x, row(personas, k));
      if (exemplars !== null) for (let j = 0; j < this.#N; j++) logits[j] = this.#similarity(x, row(exemplars, j));
    }
    const gates = { personas: softmax(toPersonas), logits, active: null };
    return { ...gates, active: this.#heaviest(gates) };
  }

  /** The weights that a table lists. */
  #listed(simplex: SimplexTable, context: Context): ContextGates {
    const N = Math.max(1, this.#N);
    const pairs = Int32Array.from(simplex.pairs, ([k, j]) => k * N + j);
    const weights = scaledToOne(Float64Array.from(row(simplex.weights, rowOf(simplex, context))));
    const none = new Float64Array(this.#K);
    return { personas: none, logits: none, active: { pairs, weights } };
  }

  #heaviest(gates: ContextGates): ContextGates["active"] {
    const M = this.#artifact.activePairs;
    const N = Math.max(1, this.#N);
    if (M === null || M >= this.#K * N) return null;
    const weights = new Float64Array(this.#K * N);
    for (let k = 0; k < this.#K; k++) {
      const omega = this.#N === 0 ? Float64Array.of(1) : this.exemplarGate(gates, k);
      for (let j = 0; j < N; j++) weights[k * N + j] = gates.personas[k]! * omega[j]!;
    }
    const pairs = heaviest(weights, M);
    return { pairs, weights: scaledToOne(Float64Array.from(pairs, (pair) => weights[pair]!)) };
  }

  #similarity(a: Float32Array, b: Float32Array): number {
    let sum = 0;
    for (let d = 0; d < a.length; d++) sum += a[d]! * b[d]!;
    return sum / (this.#artifact.gate.cosineTemperature ?? 1);
  }
}

/** Whether the gates see embeddings. */
function embeds({ gate }: Artifact): boolean {
  return gate.kind === "learned" || gate.kind === "cosine";
}

function softmax(logits: Float64Array): Float64Array {
  let max = Number.NEGATIVE_INFINITY;
  for (const value of logits) if (value > max) max = value;
  return scaledToOne(logits.map((value) => Math.exp(value - max)));
}

function scaledToOne(weights: Float64Array): Float64Array {
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((value) => value / sum);
}
