import type { Bar } from "../../core/progress.ts";
import type { FitSettings } from "../options.ts";
import type { PairScores } from "../scores/score-pairs.ts";
import type { ScoredPairs } from "../scores/scored-pairs.ts";
import type { Disturbance } from "./disturbance.ts";
import { GateForward } from "./forward.ts";
import type { GateInputs, GateParameters } from "./parameters.ts";

/** Contexts looked up in one pass at most. */
const AT_ONCE = 256;

/** What pairs are looked up in and scored by. */
export interface ActiveContext {
  readonly inputs: GateInputs;
  readonly places: Pick<ScoredPairs, "context" | "masked">;
  readonly scores: PairScores;
}

export interface ActiveOptions extends Pick<FitSettings, "rank" | "batch" | "lengthNormalized"> {
  /** M. */
  readonly count: number;
}

/**
 * The paper's top M: the mixture of a context has the M pairs of largest weight of all K x N under the current gates, and no
 * others. They change as the gates are trained, so each record's are looked up when it is reached, and scored where they were not
 * before. What is fitted, judged and drawn from is thereby one mixture.
 */
export class ActivePairs {
  /** M pairs a record: those under the gates that `reach` saw last; -1 and no score before, and where fewer are not masked. */
  readonly pairs: ScoredPairs;
  readonly #scores: PairScores;
  readonly #forward: GateForward;
  readonly #lengthNormalized: boolean;
  readonly #bar: Pick<Bar, "advance">;
  /** The M heaviest so far, the heaviest first, while one record is searched. */
  readonly #best: Int32Array;
  readonly #logWeights: Float64Array;

  /** @param bar is moved on by each score made */
  constructor({ inputs, places: records, scores }: ActiveContext, options: ActiveOptions, bar: Pick<Bar, "advance">) {
    const { rank, batch, lengthNormalized, count } = options;
    const size = records.context.length * count;
    this.pairs = {
      perRecord: count,
      sampled: false,
      context: records.context,
      masked: records.masked,
      persona: new Int32Array(size),
      exemplar: new Int32Array(size),
      logWeight: new Float64Array(size),
      logLikelihood: new Float64Array(size).fill(Number.NEGATIVE_INFINITY),
    };
    this.#scores = scores;
    // Disturbed, each record of a step has a row of its own.
    this.#forward = new GateForward(inputs, rank, Math.max(batch, Math.min(AT_ONCE, inputs.contexts.rows)));
    this.#lengthNormalized = lengthNormalized;
    this.#bar = bar;
    this.#best = new Int32Array(count);
    this.#logWeights = new Float64Array(count);
  }

  /**
   * Puts the heaviest pairs of these records in place, scored.
   * @param disturbance of the step, drawn: pairs are then the heaviest under the disturbed gates
   * @throws RunFailedError when too many calls fail
   */
  async reach(parameters: GateParameters, records: ArrayLike<number>, disturbance: Disturbance | null): Promise<void> {
    const asked: { record: number[]; pair: number[] } = { record: [], pair: [] };
    const { context } = this.pairs;
    for (let from = 0; from < records.length; ) {
      const rows = new Map<number, number>();
      const batch: { readonly i: number; readonly row: number }[] = [];
      const contexts: number[] = [];
      for (; from < records.length; from++) {
        const i = records[from]!;
        let row = disturbance === null ? rows.get(context[i]!) : undefined;
        if (row === undefined) {
          if (contexts.length === this.#forward.capacity) break;
          row = contexts.length;
          contexts.push(context[i]!);
          rows.set(context[i]!, row);
        }
        batch.push({ i, row });
      }
      this.#forward.run(parameters, contexts, disturbance);
      for (const { i, row } of batch)
        for (const pair of this.#heaviest(row, i)) {
          asked.record.push(i);
          asked.pair.push(pair);
        }
    }
    await this.#scores.ask(asked, this.#bar);
    this.#place(records);
  }

  /** The pairs of record i, written into its slots; the heaviest first. */
  #heaviest(row: number, i: number): Int32Array {
    const { perRecord: M, persona, exemplar } = this.pairs;
    const masked = this.pairs.masked[i]!;
    const { contextCount, personaCount: K, poolSize: N, logPi, logits } = this.#forward;
    const [best, weights] = [this.#best, this.#logWeights];
    let held = 0;
    for (let k = 0; k < K; k++) {
      const base = logPi[row * K + k]! - this.#forward.logNormalizer(row, k, masked);
      for (let j = 0; j < N; j++) {
        const weight = base + logits[row * N + j]! + logits[(contextCount + k) * N + j]!;
        if (held === M && !(weight > weights[M - 1]!)) continue;
        if (weight === Number.NEGATIVE_INFINITY || masked.includes(j)) continue;
        let at = held < M ? held++ : M - 1;
        for (; at > 0 && weights[at - 1]! < weight; at--) {
          weights[at] = weights[at - 1]!;
          best[at] = best[at - 1]!;
        }
        weights[at] = weight;
        best[at] = k * N + j;
      }
    }
    for (let s = 0; s < M; s++) {
      persona[i * M + s] = s < held ? Math.floor(best[s]! / N) : -1;
      exemplar[i * M + s] = s < held ? best[s]! % N : -1;
    }
    return best.slice(0, held);
  }

  #place(records: ArrayLike<number>): void {
    const { perRecord: M, persona, exemplar, logLikelihood } = this.pairs;
    const N = this.#forward.poolSize;
    for (let r = 0; r < records.length; r++)
      for (let t = records[r]! * M; t < (records[r]! + 1) * M; t++) {
        if (persona[t]! < 0) {
          logLikelihood[t] = Number.NEGATIVE_INFINITY;
          continue;
        }
        const { total, tokens } = this.#scores.get(records[r]!, persona[t]! * N + exemplar[t]!);
        logLikelihood[t] = this.#lengthNormalized ? total / Math.max(1, tokens) : total;
      }
  }
}
