import { InputError } from "../../core/errors.ts";
import { hashOf, sha256 } from "../../core/hash.ts";
import { type Matrix, matrix } from "../../core/matrix.ts";
import { Stream } from "../../core/stream.ts";
import type { Encoder } from "../encoder.ts";
import { buildVocabulary, weighTerms } from "./terms.ts";
import { multiply, truncatedSvd } from "./truncated-svd.ts";

/** What the fit may be told. */
export interface LsaOptions {
  /** Width of the embeddings; shrinks to what the texts carry. */
  readonly dimensions: number;
  /** At most this many terms have a column. */
  readonly terms: number;
}

/**
 * Latent semantic analysis (Deerwester et al. 1990): TF-IDF of words and word pairs, truncated SVD, rows scaled to unit
 * length. Deterministic, in process, fitted on the texts given and nothing else.
 *
 * A text without a single known term gets the fitted texts' mean direction: the encoder knows nothing about it, and a row of
 * zeros would make cosines undefined.
 * @throws InputError when there are fewer than two texts or no words in them.
 */
export function fitLsa(id: string, texts: readonly string[], options: LsaOptions): Encoder {
  if (texts.length < 2) {
    throw new InputError(
      `Encoder \`${id}\` learns from the background part, which has ${texts.length} text(s): it needs at least 2. Use more data or another encoder.`,
    );
  }
  const vocabulary = buildVocabulary(texts, options.terms);
  if (vocabulary.idf.length === 0) {
    throw new InputError(
      `Encoder \`${id}\` found no words in the background part. Use another encoder for these texts.`,
    );
  }
  const fitted = weighTerms(texts, vocabulary);
  const svd = truncatedSvd(fitted, options.dimensions, Stream.root(0).derive("encoder", "lsa"));
  const fallback = meanDirection(multiply(fitted, svd.basis, svd.rank), texts.length, svd.rank);
  const fingerprint = hashOf({
    encoder: "lsa",
    version: 2, // 2: the characters of scripts without spaces are words
    options: { ...options },
    texts: sha256(texts.join("\u0000")),
  });

  return {
    id,
    width: svd.rank,
    normalized: true,
    fingerprint,
    description: {
      kind: "lsa",
      dimensions: svd.rank,
      terms: vocabulary.idf.length,
      fittedOn: texts.length,
      fingerprint,
    },
    async encode(asked) {
      return project(multiply(weighTerms(asked, vocabulary), svd.basis, svd.rank), asked.length, svd.rank, fallback);
    },
  };
}

function project(products: Float64Array, rows: number, width: number, fallback: Float64Array): Matrix {
  const data = new Float32Array(rows * width);
  for (let i = 0; i < rows; i++) {
    const from = products.subarray(i * width, (i + 1) * width);
    let squares = 0;
    for (const value of from) squares += value * value;
    const source = squares > 1e-24 ? from : fallback;
    const scale = squares > 1e-24 ? 1 / Math.sqrt(squares) : 1;
    for (let j = 0; j < width; j++) data[i * width + j] = source[j]! * scale;
  }
  return matrix(data, rows, width);
}

function meanDirection(products: Float64Array, rows: number, width: number): Float64Array {
  const mean = new Float64Array(width);
  for (let i = 0; i < rows; i++) for (let j = 0; j < width; j++) mean[j]! += products[i * width + j]!;
  const norm = Math.hypot(...mean);
  return norm > 0 ? mean.map((value) => value / norm) : mean.fill(1 / Math.sqrt(width));
}
