import type { Stream } from "../../core/stream.ts";
import { ExemplarMask } from "./exemplar-mask.ts";
import { LogitNoise } from "./logit-noise.ts";
import type { GateInputs } from "./parameters.ts";

export interface DisturbanceOptions {
  /** Noise on both gates' logits with learned deviations, or none. */
  readonly gateNoise: "none" | "learned";
  /** Chance that a step hides an exemplar from a record. */
  readonly exemplarMask: number;
}

/** What a training step does to the gates' logits and evaluation does not; every record of a step has its own. */
export class Disturbance {
  readonly personas: LogitNoise | null;
  readonly exemplars: LogitNoise | null;
  readonly mask: ExemplarMask | null;

  constructor(personas: LogitNoise | null, exemplars: LogitNoise | null, mask: ExemplarMask | null) {
    this.personas = personas;
    this.exemplars = exemplars;
    this.mask = mask;
  }

  /** Draws a step's noise and masks. */
  draw(rows: number, random: Stream): void {
    this.personas?.draw(rows, random);
    this.exemplars?.draw(rows, random);
    this.mask?.draw(rows, random);
  }

  /** Moves the noise's deviations down their gradient. */
  step(): void {
    this.personas?.step();
    this.exemplars?.step();
  }

  /** Deviations as at the start. */
  restart(): void {
    this.personas?.restart();
    this.exemplars?.restart();
  }
}

/** @returns null where the options ask for nothing */
export function makeDisturbance(
  { contexts, personas, exemplars }: GateInputs,
  capacity: number,
  { gateNoise, exemplarMask, learningRate }: DisturbanceOptions & { readonly learningRate: number },
): Disturbance | null {
  const N = exemplars?.rows ?? 0;
  const masked = exemplarMask > 0 && N > 0;
  const noiseOn = (count: number) => new LogitNoise(count, contexts.cols, capacity, learningRate);
  if (gateNoise === "none")
    return masked ? new Disturbance(null, null, new ExemplarMask(exemplarMask, N, capacity)) : null;
  return new Disturbance(
    noiseOn(personas.rows),
    N > 0 ? noiseOn(N) : null,
    masked ? new ExemplarMask(exemplarMask, N, capacity) : null,
  );
}
