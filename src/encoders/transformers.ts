import { existsSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { pathText, shortText } from "../config/bounds.ts";
import { InputError } from "../core/errors.ts";
import { hashOf } from "../core/hash.ts";
import { type Matrix, matrix } from "../core/matrix.ts";
import { openTransformersPeer, peerFailure, peerId, peerShorthand } from "../peers/transformers.ts";
import { fileChecksum } from "../storage/checksum.ts";
import { readGiven } from "../storage/regular-file.ts";
import { defineEncoder, type Encoder, type EncoderEnvironment } from "./encoder.ts";
import { storedEncoder } from "./store.ts";

/** Most token slots in one forward pass: bounds memory, not results. */
const SLOTS = 4096;

/**
 * Where well-known sentence-transformers models cut a text (their sentence_bert_config.json), by the last part of the name: the
 * file is often missing from ONNX exports, and the tokenizer's own, larger limit would give other embeddings for long texts.
 */
const PUBLISHED_LIMITS: Readonly<Record<string, number>> = {
  "all-MiniLM-L6-v2": 256,
  "all-MiniLM-L12-v2": 128,
  "all-mpnet-base-v2": 384,
  "all-distilroberta-v1": 512,
  "multi-qa-MiniLM-L6-cos-v1": 512,
  "multi-qa-mpnet-base-dot-v1": 512,
  "paraphrase-MiniLM-L6-v2": 128,
  "paraphrase-multilingual-MiniLM-L12-v2": 128,
};

const options = z
  .strictObject({
    model: shortText
      .optional()
      .describe("Hub id, such as `sentence-transformers/all-mpnet-base-v2`; this or `path` is needed."),
    path: pathText
      .optional()
      .describe("A local folder, relative to the config, with config.json, tokenizer.json and onnx/model.onnx."),
    revision: shortText.default("main").describe("Branch, tag or commit on the hub."),
    maxTokens: z
      .int()
      .min(3)
      .max(1_000_000)
      .optional()
      .describe(
        "Texts are cut here, special tokens counted. Default: what the model's `sentence_bert_config.json` says (known for common models), else its longest input.",
      ),
    dtype: z
      .enum(["fp32", "fp16", "q8", "q4"])
      .default("fp32")
      .describe("Precision of the weights: part of what the encoder is."),
    normalize: z
      .boolean()
      .default(true)
      .describe("Scale rows to unit length, as models ending in a Normalize module do."),
  })
  .refine(
    (o) => (o.model === undefined) !== (o.path === undefined),
    "Give either `model` (a hub id) or `path` (a local folder).",
  );

type Options = z.infer<typeof options>;

/** `transformers:`: a sentence encoder by Transformers.js, equal to sentence-transformers; an optional peer. */
export const transformers = defineEncoder<Options>({
  summary: "A sentence encoder of the Hugging Face hub or of a local folder, equal to sentence-transformers.",
  notes: {
    runs: "in process, by Transformers.js (optional package)",
    key: "none",
    page: "[transformers](#transformers)",
  },
  options,
  voids: [{ by: ({ path }) => (path === undefined ? null : "`path`"), options: ["revision"] }],
  shorthand: peerShorthand,
  id: peerId,
  create: async (chosen, environment, id) => {
    const encoder = await openTransformers(id, chosen, environment);
    return environment.storeDir === null ? encoder : storedEncoder(encoder, environment.storeDir, environment.warn);
  },
});

/**
 * Opens the model and encodes as sentence-transformers does: content cut to maxTokens - 2 between the special tokens (the
 * library's own truncation would drop the closing one), mean over the tokens, float64 sums.
 *
 * Texts are batched with others of exactly the same token count. Nothing is padded, so a text's row does not depend on what
 * it was batched with: a resumed run gives the same bytes.
 */
async function openTransformers(
  id: string,
  chosen: Options,
  { baseDir, offline }: EncoderEnvironment,
): Promise<Encoder> {
  const peer = await openTransformersPeer(id, chosen, { baseDir, offline });
  const { AutoModel, AutoTokenizer, Tensor } = peer.package;
  const { name, folder } = peer;
  const settings = { revision: chosen.revision };
  const opened = await Promise.all([
    AutoTokenizer.from_pretrained(name, settings),
    AutoModel.from_pretrained(name, { ...settings, dtype: chosen.dtype, device: "cpu" }),
  ]).catch((error: unknown) => {
    throw peerFailure(id, peer, offline, error);
  });
  const [tokenizer, model] = opened;
  const positions = Reflect.get(model.config, "max_position_embeddings");
  const longest = typeof positions === "number" ? positions : 512;
  const maxTokens =
    chosen.maxTokens ?? (await sentenceLimit(folder)) ?? PUBLISHED_LIMITS[path.basename(name)] ?? longest;
  const width = numberOf(Reflect.get(model.config, "hidden_size"));
  const weights = folder === null ? `${chosen.model}@${chosen.revision}` : await folderChecksum(folder);
  const description = {
    kind: "transformers",
    weights,
    dtype: chosen.dtype,
    maxTokens,
    normalize: chosen.normalize,
    pooling: "mean",
  };

  const idsOf = (text: string): number[] => {
    const ids = Array.from(tokenizer(text, { truncation: false }).input_ids.data, Number);
    const last = ids.at(-1);
    return ids.length > maxTokens && last !== undefined ? [...ids.slice(0, maxTokens - 1), last] : ids;
  };

  const forward = async (batch: readonly (readonly number[])[], length: number): Promise<Float32Array> => {
    const tensor = (fill: (ids: readonly number[]) => readonly number[]) =>
      new Tensor("int64", BigInt64Array.from(batch.flatMap(fill), BigInt), [batch.length, length]);
    const { last_hidden_state: hidden } = await model({
      input_ids: tensor((ids) => ids),
      attention_mask: tensor((ids) => ids.map(() => 1)),
      token_type_ids: tensor((ids) => ids.map(() => 0)),
    });
    return hidden.data;
  };

  return {
    id,
    width,
    normalized: chosen.normalize,
    fingerprint: hashOf({ encoder: "transformers", version: 1, ...description }),
    description,
    async encode(texts): Promise<Matrix> {
      const data = new Float32Array(texts.length * width);
      const ids = texts.map(idsOf);
      for (const [length, members] of byLength(ids)) {
        const size = Math.max(1, Math.floor(SLOTS / length));
        for (let start = 0; start < members.length; start += size) {
          const batch = members.slice(start, start + size);
          const hidden = await forward(
            batch.map((i) => ids[i]!),
            length,
          );
          for (const [b, i] of batch.entries()) {
            pool(
              hidden.subarray(b * length * width, (b + 1) * length * width),
              length,
              width,
              chosen.normalize,
              data,
              i,
            );
          }
        }
      }
      return matrix(data, texts.length, width);
    },
    async close() {
      await model.dispose();
    },
  };
}

/** Positions of texts by token count, ascending. */
function byLength(ids: readonly (readonly number[])[]): [number, number[]][] {
  const groups = new Map<number, number[]>();
  for (const [i, tokens] of ids.entries()) {
    const group = groups.get(tokens.length);
    if (group === undefined) groups.set(tokens.length, [i]);
    else group.push(i);
  }
  return [...groups].sort(([a], [b]) => a - b);
}

/** Mean over tokens into row `i` of `out`, unit length when asked. */
function pool(hidden: Float32Array, length: number, width: number, unit: boolean, out: Float32Array, i: number): void {
  const mean = new Float64Array(width);
  for (let t = 0; t < length; t++) for (let j = 0; j < width; j++) mean[j]! += hidden[t * width + j]!;
  let squares = 0;
  for (let j = 0; j < width; j++) {
    mean[j]! /= length;
    squares += mean[j]! * mean[j]!;
  }
  const scale = unit && squares > 0 ? 1 / Math.sqrt(squares) : 1;
  for (let j = 0; j < width; j++) out[i * width + j] = mean[j]! * scale;
}

/** What sentence-transformers' own file says of the longest text, where the folder has it. */
async function sentenceLimit(folder: string | null): Promise<number | null> {
  if (folder === null) return null;
  const file = path.join(folder, "sentence_bert_config.json");
  if (!existsSync(file)) return null;
  const parsed: unknown = JSON.parse((await readGiven(file)).toString("utf8"));
  const limit = z.object({ max_seq_length: z.int().min(3) }).safeParse(parsed);
  return limit.success ? limit.data.max_seq_length : null;
}

async function folderChecksum(folder: string): Promise<string> {
  const parts = await Promise.all(
    ["config.json", "tokenizer.json", "onnx/model.onnx", "onnx/model_quantized.onnx"].map(async (name) => {
      const file = path.join(folder, name);
      return existsSync(file) ? await fileChecksum(file) : null;
    }),
  );
  return hashOf(parts);
}

function numberOf(value: unknown): number {
  if (typeof value !== "number")
    throw new InputError("The encoder's config.json has no hidden_size: is it a sentence encoder?");
  return value;
}
