import type { Matrix } from "../core/matrix.ts";
import { jsDivergence, shares } from "../numerics/divergence.ts";
import { type Features, plainFeatures, standardizedBy } from "../numerics/features.ts";
import { decisions, LogisticRegression } from "../numerics/logistic-regression.ts";
import type { Tokenizer } from "../text/tokenizer.ts";
import { BagOfWords } from "./bag-of-words.ts";
import { defineMetric } from "./define.ts";
import { isMissing, type LabeledTexts } from "./evidence.ts";
import type { MetricInput } from "./metric.ts";
import { type SampleSet, tokenSettings } from "./sample-set.ts";
import { soundEmbeddings } from "./sound-embeddings.ts";

const C = 1;

type FeatureKind = "embeddings" | "words";

/** Names the class of every row: the one whose logistic regression against the rest is surest. */
export class LabelClassifier {
  readonly labels: readonly string[];
  readonly #fits: readonly { readonly weights: Float64Array; readonly intercept: number }[];

  /** @param features of the training rows. @throws RangeError with fewer than two classes. */
  constructor(features: Features, labels: readonly string[]) {
    this.labels = [...new Set(labels)].sort();
    if (this.labels.length < 2) throw new RangeError("A classifier needs two classes.");
    const every = indices(labels.length);
    const model = new LogisticRegression(features, every, { C });
    // Two classes need one plane: the second's decision is the first's, negated.
    const planes = this.labels.length === 2 ? this.labels.slice(0, 1) : this.labels;
    this.#fits = planes.map((label) =>
      model.fit(
        every,
        Uint8Array.from(labels, (own) => (own === label ? 1 : 0)),
      ),
    );
  }

  /** How many rows each class gets, in the order of `labels`. */
  counts(features: Features): Float64Array {
    const every = indices(features.rows.rows);
    const values = this.#fits.map((fit) => decisions(features, every, fit.weights, fit.intercept));
    const counts = new Float64Array(this.labels.length);
    for (let i = 0; i < every.length; i++) {
      let best = 0;
      if (values.length === 1) best = values[0]![i]! > 0 ? 0 : 1;
      else for (let label = 1; label < values.length; label++) if (values[label]![i]! > values[best]![i]!) best = label;
      counts[best] = counts[best]! + 1;
    }
    return counts;
  }
}

const indices = (n: number) => Uint32Array.from({ length: n }, (_, i) => i);

/** A classifier trained once, and what it said of each set. */
class TrainedOn {
  readonly labels: readonly string[];
  readonly #classifier: LabelClassifier;
  readonly #features: (set: SampleSet) => Features;
  readonly #counts = new WeakMap<SampleSet, Float64Array>();

  /** @param features embeddings, or the words that a tokenizer finds */
  constructor(train: LabeledTexts, features: "embeddings" | Tokenizer) {
    if (features === "embeddings") {
      const rows = embeddingsOf(train.embeddings);
      const standard = standardizedBy(rows, rows);
      this.#classifier = new LabelClassifier(standard, train.labels);
      this.#features = (set) => ({ ...standard, rows: embeddingsOf(set.embeddings) });
    } else {
      const bag = new BagOfWords(train.texts, features);
      this.#classifier = new LabelClassifier(plainFeatures(bag.rows(train.texts)), train.labels);
      this.#features = (set) => plainFeatures(bag.rows(set.texts ?? []));
    }
    this.labels = this.#classifier.labels;
  }

  counts(set: SampleSet): Float64Array {
    let counts = this.#counts.get(set);
    if (counts === undefined) {
      counts = this.#classifier.counts(this.#features(set));
      this.#counts.set(set, counts);
    }
    return counts;
  }
}

function embeddingsOf(m: Matrix | null | undefined): Matrix {
  if (m === null || m === undefined) throw new RangeError("There are no embeddings.");
  return m;
}

const kept = new WeakMap<LabeledTexts, Map<"embeddings" | Tokenizer, TrainedOn>>();

function trainedOn(train: LabeledTexts, features: "embeddings" | Tokenizer): TrainedOn {
  const known = kept.get(train) ?? new Map<"embeddings" | Tokenizer, TrainedOn>();
  kept.set(train, known);
  const trained = known.get(features) ?? new TrainedOn(train, features);
  known.set(features, trained);
  return trained;
}

/** What the classifier can read on all sides, or why it can read nothing. */
function kindFor(input: MetricInput, train: LabeledTexts): FeatureKind | { readonly reason: string } {
  const { gold, synthetic } = input;
  if (train.embeddings && gold.embeddings !== null && synthetic.embeddings !== null) {
    const sound = soundEmbeddings(input);
    return "reason" in sound ? sound : "embeddings";
  }
  if (gold.texts !== null && synthetic.texts !== null) return "words";
  return { reason: "Needs texts, or embeddings of both sides and of the labeled training texts." };
}

/** Divergence of the labels that one classifier gives both sides. */
export const labelJs = defineMetric({
  id: "label-js",
  name: "Label JS",
  meaning:
    "Jensen-Shannon divergence in nats between the shares of labels that one classifier, trained on the training part, gives synthetic and gold texts; as blind as that classifier.",
  group: "alignment",
  better: "lower",
  range: [0, Math.LN2],
  needs: { evidence: ["train"] },
  source: "Definition of this program; logistic regression (L2, C = 1), one class against the rest",
  notes: {
    defaults:
      "logistic regression (C = 1) on the train part's labels, read from embeddings where train has them, else from its 2000 commonest words",
    edges: "no training labels, or one class: null",
    notCopied: "scipy's jensenshannon is the root of this divergence",
  },
  floor: false,
  compute(input) {
    const train = input.evidence("train");
    if (isMissing(train)) return { value: null, reason: train.reason };
    const classes = new Set(train.labels).size;
    if (classes < 2)
      return { value: null, reason: `Needs two classes among the training labels; there are ${classes}.` };
    const kind = kindFor(input, train);
    if (typeof kind !== "string") return { value: null, reason: kind.reason };
    const classifier = trainedOn(train, kind === "words" ? input.synthetic.tokenizer : kind);
    const synthetic = shares(classifier.counts(input.synthetic));
    const gold = shares(classifier.counts(input.gold));
    return {
      value: jsDivergence(synthetic, gold),
      settings: {
        features: kind,
        ...(kind === "words" ? tokenSettings(input.synthetic, ", lower case") : {}),
        classes,
        C,
        trainedOn: train.labels.length,
      },
    };
  },
});
