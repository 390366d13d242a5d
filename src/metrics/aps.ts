import type { Matrix } from "../core/matrix.ts";
import { defineMetric } from "./define.ts";
import { derivedNumber } from "./memo.ts";
import { soundEmbeddings } from "./sound-embeddings.ts";

/**
 * Mean cosine over pairs i < j: (|sum of unit rows|^2 - n) / (n (n - 1)), linear in the size of the matrix. Float64.
 * Needs two rows, none of them zero.
 */
export function meanPairwiseCosine({ data, rows, cols }: Matrix): number {
  const sum = new Float64Array(cols);
  let own = 0;
  for (let i = 0; i < rows; i++) {
    const at = i * cols;
    let square = 0;
    for (let k = 0; k < cols; k++) square += data[at + k]! * data[at + k]!;
    const scale = 1 / Math.sqrt(square);
    own += square * scale * scale;
    for (let k = 0; k < cols; k++) sum[k] = sum[k]! + data[at + k]! * scale;
  }
  const total = sum.reduce((most, x) => most + x * x, 0);
  return (total - own) / (rows * (rows - 1));
}

const ownValue = derivedNumber("aps@1", ({ embeddings }) =>
  embeddings === null || embeddings.rows < 2 ? { reason: "Needs two texts." } : meanPairwiseCosine(embeddings),
);

/** Average pairwise similarity. */
export const aps = defineMetric({
  id: "aps",
  name: "Average pairwise similarity",
  meaning:
    "Mean cosine between the texts of a set: high where they all say the same; a mean, so a few tight groups far apart look diverse.",
  group: "diversity",
  better: "gold",
  range: [-1, 1],
  needs: { embeddings: true },
  source: "AttrPrompt (Yu et al. 2023); pairs i < j",
  notes: {
    defaults: "pairs i < j, in closed form, float64",
    edges: "one text: null; may be below 0",
    notCopied: "remote_clique counts the zero diagonal and rounds to 3 digits",
  },
  floor: false,
  compute(input) {
    const sound = soundEmbeddings(input, 2);
    if ("reason" in sound) return { value: null, reason: sound.reason };
    const [value, gold] = [ownValue(input.synthetic), ownValue(input.gold)];
    if (typeof value !== "number") return { value: null, reason: value.reason };
    return { value, gold: typeof gold === "number" ? gold : null, settings: { d: sound.gold.cols } };
  },
});
