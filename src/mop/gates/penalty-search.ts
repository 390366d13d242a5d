import type { Bar } from "../../core/progress.ts";
import { mean } from "../held-out.ts";
import type { Descent } from "./descent.ts";
import { correctedLosses, type Judgment } from "./gain.ts";
import type { Judge } from "./judge.ts";
import type { GateParameters } from "./parameters.ts";

export interface SearchOptions {
  /** Most steps for one penalty. */
  readonly maxSteps: number;
  /** Steps between two looks at the held-out records, and looks without progress after which a penalty's fit stops. */
  readonly evaluateEvery: number;
  readonly patience: number;
}

/**
 * A point of the training curve, nats a record: negative log-likelihood of the latest batches and of the held-out records, mean
 * over folds; the latter without the sampling's bias.
 */
export interface CurvePoint {
  readonly penalty: number;
  readonly step: number;
  readonly train: number;
  readonly heldOut: number;
}

/** A look at one point of a path. */
export interface Candidate {
  readonly penalty: number;
  readonly step: number;
  readonly judgment: Judgment;
  readonly losses: Float64Array;
}

/** The look with the smallest mean loss, and the first fold's gates there. */
export interface BestLook {
  readonly candidate: Candidate;
  readonly mean: number;
  readonly parameters: GateParameters;
}

/** Looks along the paths of penalties for the penalty and the number of steps that the held-out records like best. */
export class PenaltySearch {
  readonly candidates: Candidate[] = [];
  readonly curve: CurvePoint[] = [];
  best: BestLook | null = null;
  readonly #judge: Judge;
  readonly #options: SearchOptions;
  readonly #signal: AbortSignal | undefined;
  readonly #bar: Bar;

  /** @param bar is told of each step of each descent */
  constructor(judge: Judge, options: SearchOptions, signal: AbortSignal | undefined, bar: Bar) {
    this.#judge = judge;
    this.#options = options;
    this.#signal = signal;
    this.#bar = bar;
  }

  /**
   * Looks along the path of one penalty, until looks bring no progress.
   * @param descents one for each fold
   * @returns whether the best look of all lies on it
   */
  async along(penalty: number, descents: readonly Descent[]): Promise<boolean> {
    const { maxSteps, evaluateEvery, patience } = this.#options;
    const before = this.best;
    let least = Number.POSITIVE_INFINITY;
    let waited = 0;
    for (let step = 0; step < maxSteps && waited < patience; ) {
      const steps = Math.min(evaluateEvery, maxSteps - step);
      step += steps;
      let train = 0;
      for (const descent of descents) {
        train += (await descent.advance(steps, this.#signal)) / descents.length;
        this.#bar.advance(steps);
      }
      const fitted = descents.map(({ parameters }) => parameters);
      const judgment = await this.#judge.judge(fitted);
      const candidate = { penalty, step, judgment, losses: correctedLosses(judgment) };
      const heldOut = mean(candidate.losses);
      this.curve.push({ penalty, step, train, heldOut });
      this.candidates.push(candidate);
      waited = heldOut < least ? 0 : waited + 1;
      least = Math.min(least, heldOut);
      if (this.best === null || heldOut < this.best.mean)
        this.best = { candidate, mean: heldOut, parameters: fitted[0]!.copy() };
    }
    return this.best !== before;
  }
}
