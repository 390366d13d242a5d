import { Registry } from "../core/registry.ts";
import { aps } from "./aps.ts";
import { c2st } from "./c2st.ts";
import { compression } from "./compression.ts";
import { longestCopy, memorization } from "./copying.ts";
import { distinctMetrics } from "./distinct.ts";
import { duplicateRate } from "./duplicate-rate.ts";
import { entropyMetrics } from "./entropy.ts";
import { fid } from "./fid.ts";
import { homogenization } from "./homogenization.ts";
import { ingf } from "./ingf.ts";
import { kid } from "./kid.ts";
import { jsCosine, klCosine, klCosineReverse } from "./kl-cosine.ts";
import { labelJs } from "./label-js.ts";
import { lengthGap } from "./length-gap.ts";
import { lengthJs } from "./length-js.ts";
import { frontierIntegral, mauve, mauveC5, mauveSd, mauveStar } from "./mauve.ts";
import type { MetricDefinition } from "./metric.ts";
import { mmdRbf } from "./mmd-rbf.ts";
import { ngramVendi } from "./ngram-vendi.ts";
import { ownerTv } from "./owner-tv.ts";
import { prdcMetrics } from "./prdc.ts";
import { selfBleuMetrics } from "./self-bleu.ts";
import { selfRepetition } from "./self-repetition.ts";
import { shareJs } from "./share-js.ts";
import { slicedWasserstein } from "./sliced-wasserstein.ts";
import { vendiMetrics } from "./vendi.ts";

/** Every metric, in the order tables show them: one line a family. */
const list: readonly MetricDefinition[] = [
  // alignment
  fid,
  mauve,
  mauveC5,
  mauveStar,
  mauveSd,
  frontierIntegral,
  klCosine,
  klCosineReverse,
  jsCosine,
  mmdRbf,
  kid,
  ...prdcMetrics,
  slicedWasserstein,
  c2st,
  labelJs,
  lengthJs,
  shareJs,
  ownerTv,
  // diversity
  ...vendiMetrics,
  aps,
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
export const metrics = new Registry<MetricDefinition>(
  "metric",
  list.map((metric) => [metric.id, metric] as const),
);
