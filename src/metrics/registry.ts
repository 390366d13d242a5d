import { Registry } from "../core/registry.ts";
import { compression } from "./compression.ts";
import { longestCopy, memorization } from "./copying.ts";
import { distinctMetrics } from "./distinct.ts";
import { duplicateRate } from "./duplicate-rate.ts";
import { entropyMetrics } from "./entropy.ts";
import { homogenization } from "./homogenization.ts";
import { ingf } from "./ingf.ts";
import { lengthGap } from "./length-gap.ts";
import type { Metric } from "./metric.ts";
import { ngramVendi } from "./ngram-vendi.ts";
import { selfBleuMetrics } from "./self-bleu.ts";
import { selfRepetition } from "./self-repetition.ts";

/** Every metric, in the order tables show them: one line a family. */
const list: readonly Metric[] = [
  // alignment
  // diversity
  ...selfBleuMetrics,
  ...distinctMetrics,
  ...entropyMetrics,
  ngramVendi,
  compression,
  selfRepetition,
  homogenization,
  ingf,
  // honesty
  duplicateRate,
  memorization,
  longestCopy,
  lengthGap,
];

/** The metrics by id. */
export const metrics = new Registry<Metric>("metric", Object.fromEntries(list.map((metric) => [metric.id, metric])));
