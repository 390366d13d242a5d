/** What a row of docs/metrics.md says beyond the metric itself. */
export interface Notes {
  readonly defaults: string;
  readonly edges: string;
  /** Faults and oddities of the reference that are not copied. */
  readonly notCopied: string;
}

const cosine: Notes = {
  defaults: "50 equal bins on [-1, 1], epsilon 1e-10, all pairs i < j",
  edges: "fewer than two texts: null; a bin that only one side fills costs about 20 nats per unit of mass (KL)",
  notCopied:
    "np.histogram drops a cosine of 1 + 2e-16; here cosines are cut to [-1, 1] first. Values of other binnings are not comparable",
};
const balls: Notes = {
  defaults: "k = 5, Euclidean, a point is inside when strictly nearer than the radius",
  edges: "k or fewer texts on a side: null; all texts equal on both sides: 0, as the reference",
  notCopied:
    "prdc compares float32 distances, which call exact copies 1e-7 apart (recall .001 instead of 0); here close calls are made again in float64, and copies are at distance 0",
};
const mauve: Notes = {
  defaults: "k = round(n / 10), at least 2; PCA to 90 % of the variance; 5 k-means starts; 25 points; `mauveSeed` 25",
  edges: "disjoint clusters give a small positive number, not 0; few texts are put into two clusters at least",
  notCopied:
    "nothing: the value is the reference's for the same seed, near-duplicate sets aside, where float32 ties decide",
};
const vendi: Notes = {
  defaults: "cosine kernel on unit rows; the smaller of the n x n and d x d matrices; float64",
  edges: "grows with n: compare equal n",
  notCopied: "score_X ignores q; float32 eigenvalues add 1e-5",
};
const ngrams: Notes = {
  defaults: "tokens of str.split(), n-grams inside texts",
  edges: "no text of n tokens: null",
  notCopied: "ngram_diversity_score counts n-grams across the borders of texts",
};

/** By id; an id that ends in -1 .. -5 without an entry of its own has its family's. */
const NOTES: Readonly<Record<string, Notes>> = {
  fid: {
    defaults: "embeddings as the encoder returns them (`normalized` says which), divisor n - 1, float64",
    edges:
      "fewer than two texts on a side: null; n < d or repeated texts: exact through singular values; equal sets: cut at 0",
    notCopied:
      "scipy's sqrtm is good to 2e-7 only where covariances are singular, and may turn complex; clean-fid takes float32 means",
  },
  mauve: { ...mauve, defaults: `c = 1; ${mauve.defaults}` },
  "mauve-c5": { ...mauve, defaults: `c = 5; ${mauve.defaults}` },
  "mauve-star": { ...mauve, defaults: `c = 5, shares smoothed by half a count; ${mauve.defaults}` },
  "mauve-sd": {
    ...mauve,
    defaults: `c = 1 at five seeds from \`mauveSeed\`; ${mauve.defaults}; in no group, ask for it by name`,
  },
  "frontier-integral": mauve,
  "kl-cosine": cosine,
  "kl-cosine-reverse": cosine,
  "js-cosine": cosine,
  "mmd-rbf": {
    defaults: "sigma = median of all pooled pair distances, gamma = 1 / (2 sigma^2), unbiased",
    edges: "fewer than two texts on a side, or more than half of all pairs equal (no bandwidth): null; may be below 0",
    notCopied: "sbi takes the lower of the two middle distances and returns the root of the biased estimate",
  },
  kid: {
    defaults: "(x.y / d + 1)^3, all pairs, unbiased",
    edges: "fewer than two texts on a side: null; may be below 0; about 1e-4 for unit rows",
    notCopied:
      "clean-fid draws 100 unseeded subsets; torch-fidelity refuses fewer than 1000 rows. All pairs have no such variance",
  },
  precision: balls,
  recall: balls,
  density: balls,
  coverage: balls,
  "sliced-wasserstein": {
    defaults: "p = 2, 100 directions of a fixed seed, the same for all systems",
    edges: "sides of different size are compared by quantiles",
    notCopied: "POT 0.8.2 divides by 50 however many projections are passed",
  },
  c2st: {
    defaults: "5 random folds, L2 logistic regression with C = 1 on features standardized by gold, exact minimum",
    edges:
      "fewer than 5 texts on a side: null; exact copies give less than chance: read |accuracy - 0.5| beside memorization",
    notCopied:
      "scikit-learn's L-BFGS stops before the minimum: a row within 1e-4 of the plane may fall on the other side",
  },
  "label-js": {
    defaults:
      "logistic regression (C = 1) on the train part's labels, read from embeddings where train has them, else from its 2000 commonest words",
    edges: "no training labels, or one class: null",
    notCopied: "scipy's jensenshannon is the root of this divergence",
  },
  "length-js": {
    defaults: "nine inner deciles of gold's token counts as edges, no smoothing",
    edges: "equal deciles leave empty bins, which count nothing; empty texts have no tokens",
    notCopied: "-",
  },
  "share-js": {
    defaults:
      "24 clusters (`shareClusters`), k-means++ with 3 starts of a fixed seed on gold's embeddings, no smoothing",
    edges: "fewer gold texts than clusters: null",
    notCopied: "-",
  },
  "owner-tv": {
    defaults: "mean over the contexts asked for",
    edges: "true personas unknown, or a method without exemplars: null",
    notCopied: "-",
  },
  vendi,
  "vendi-q2": vendi,
  "vendi-qinf": vendi,
  aps: {
    defaults: "pairs i < j, in closed form, float64",
    edges: "one text: null; may be below 0",
    notCopied: "remote_clique counts the zero diagonal and rounds to 3 digits",
  },
  "self-bleu": {
    defaults: "str.split(), all other texts as references, smoothing method 1 (0.1)",
    edges: "one text: null; a text without a known word scores 0; an empty text scores 0",
    notCopied:
      "Texygen reads the first 500 lines and may leave a text among its own references; fast-bleu keeps float32 weights and reads past an array",
  },
  distinct: ngrams,
  entropy: ngrams,
  "ngram-vendi": {
    defaults: "mean cosine of 1- to 4-gram counts, q = 1",
    edges: "all texts empty: null; texts without n-grams are like nothing, not even themselves",
    notCopied: "n x n eigenvalues in float64 of the package take minutes beyond a few thousand texts",
  },
  compression: {
    defaults: "gzip level 9, once (pako 2, byte for byte zlib 1.2.13), texts joined by a space",
    edges: "all texts empty: null; few texts: the header dominates",
    notCopied: "the diversity package compresses twice, with a file name in the header, and rounds to 3 digits",
  },
  "self-repetition": {
    defaults: "4-grams of str.split(), natural logarithm",
    edges: "texts of fewer than 4 tokens add 0",
    notCopied: "the package sums over a list in quadratic time",
  },
  homogenization: {
    defaults: "a-z and 0-9 lower-cased, F1 of the longest common subsequence, all pairs",
    edges: "texts in other scripts have no tokens unless the tokenizer is `words`",
    notCopied: "the package returns 1 where no two texts share a word, and rounds to 3 digits",
  },
  ingf: {
    defaults: "distinct lower-case trigrams over the standard deviation (n - 1) of their counts",
    edges: "all trigrams equally frequent (infinite), or fewer than two: null",
    notCopied: "two other definitions are in use: mean count of a trigram, and the sum of squared shares",
  },
  "duplicate-rate": { defaults: "case and white space normalized", edges: "one text: 0", notCopied: "-" },
  memorization: {
    defaults:
      "run of at least 8 tokens of str.split() and half of the text, case counts; against the exemplars, without them against gold",
    edges: "short texts copy by chance below 8 tokens, which do not count",
    notCopied: "-",
  },
  "longest-copy": {
    defaults: "tokens of str.split(), case counts; against the exemplars, without them against gold",
    edges: "longer texts have longer runs by chance",
    notCopied: "-",
  },
  "length-gap": { defaults: "tokens of str.split()", edges: "all texts of a side empty: null", notCopied: "-" },
};

/** The notes of a metric, or null where none were written. */
export function notesOf(id: string): Notes | null {
  return NOTES[id] ?? NOTES[id.replace(/-[1-5]$/, "")] ?? null;
}
