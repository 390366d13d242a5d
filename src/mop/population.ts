import type { Context, PopulationRecord } from "../core/record.ts";
import type { Stream } from "../core/stream.ts";
import type { Encoder } from "../encoders/encoder.ts";
import type { Draw } from "../prompts/draw.ts";
import type { PromptRenderer } from "../prompts/prompt.ts";
import type { Artifact } from "./artifact.ts";
import { type ContextGates, MixtureGates } from "./mixture-gates.ts";
import { shownRecords } from "./shown-records.ts";

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
  readonly #pool: readonly PopulationRecord[];
  readonly #gates: MixtureGates;
  readonly #exemplarWeights = new Map<string, Float64Array>();

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
    this.#artifact = artifact;
    this.#prompts = prompts;
    this.#gates = new MixtureGates(artifact, encoder);
    const { pool, quoted, count } = shownRecords(artifact, records);
    this.#pool = pool;
    this.exemplars = [...pool, ...quoted];
    this.realTextsSeen = count;
    if (pool.length > 0) this.exemplarWeights = (context) => this.#weighExemplars(context);
    this.summary = summarize(artifact);
  }

  /** Embeds contexts, so that the other members can be asked of them. */
  async prepare(contexts: readonly Context[]): Promise<void> {
    await this.#gates.prepare(contexts);
  }

  draw(context: Context, random: Stream): Draw {
    const { k, j } = this.#drawPair(this.#gates.of(context), random);
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
    const gates = this.#gates.of(context);
    if (gates.active === null) return gates.personas;
    const weights = new Float64Array(gates.personas.length);
    const N = Math.max(1, this.#pool.length);
    for (const [a, pair] of gates.active.pairs.entries()) weights[Math.floor(pair / N)]! += gates.active.weights[a]!;
    return weights;
  }

  /** Persona k and exemplar j; null where prompts show none. */
  #drawPair(gates: ContextGates, random: Stream): { readonly k: number; readonly j: number | null } {
    const N = this.#pool.length;
    if (gates.active === null) {
      const k = random.weighted(gates.personas);
      return { k, j: N === 0 ? null : random.weighted(this.#gates.exemplarGate(gates, k)) };
    }
    const pair = gates.active.pairs[random.weighted(gates.active.weights)]!;
    return { k: Math.floor(pair / Math.max(1, N)), j: N === 0 ? null : pair % N };
  }

  #weighExemplars(context: Context): Float64Array {
    const key = this.#gates.keyOf(context);
    const known = this.#exemplarWeights.get(key);
    if (known !== undefined) return known;
    const gates = this.#gates.of(context);
    const N = this.#pool.length;
    const weights = new Float64Array(this.exemplars.length);
    if (this.#artifact.gate.kind === "uniform") {
      weights.fill(1 / N, 0, N);
    } else if (gates.active !== null) {
      for (const [a, pair] of gates.active.pairs.entries()) weights[pair % N]! += gates.active.weights[a]!;
    } else {
      for (let k = 0; k < gates.personas.length; k++) {
        const omega = this.#gates.exemplarGate(gates, k);
        for (let j = 0; j < N; j++) weights[j]! += gates.personas[k]! * omega[j]!;
      }
    }
    this.#exemplarWeights.set(key, weights);
    return weights;
  }
}

function summarize({ personas, exemplars, gate, activePairs, fit }: Artifact): string {
  const parts = [`K = ${personas.length}`, `N = ${exemplars.length}`, `${gate.kind} gates`];
  if (activePairs !== null) parts.push(`M = ${activePairs}`);
  const told = fit?.summary;
  if (typeof told === "string") parts.push(told);
  return parts.join(", ");
}
