import { Stream } from "../../src/core/stream.ts";

/**
 * A llama model of random weights small enough to run in plain TypeScript, and the GGUF file that holds exactly it: what the
 * tests of every path to a model share. The vocabulary is SentencePiece's form with byte fall-back.
 */
export interface TinyLlama {
  readonly pieces: readonly string[];
  /** The GGUF file (version 3, float32). */
  readonly file: Uint8Array;
  /**
   * Token ids of a text as llama.cpp makes them for a prompt: BOS (unless ChatML's, whose tokenizer adds none), a leading space,
   * merges by score, bytes where a character is unknown; BOS and EOS where their own text stands.
   */
  tokenize(text: string): number[];
  /** The text of a token as servers print it in `logprobs.tokens`: without the leading space that ends SentencePiece's first. */
  piece(id: number): string;
  text(ids: readonly number[]): string;
  /** log p(next | ids[0..i]) for every position i: rows of vocabulary size. */
  forward(ids: readonly number[]): Float64Array[];
  /** Takes one token after another and gives log p(next | all so far). */
  begin(): (id: number) => Float64Array;
}

export const BOS = 1;
export const EOS = 2;

const WIDTH = 32;
const LAYERS = 2;
const HEADS = 4;
const HIDDEN = 64;
const CONTEXT = 2048;
const EPSILON = 1e-5;
const HEAD = WIDTH / HEADS;

/** Softer than usual, so that llama.cpp's half-precision cache stays within 1e-3 of exact arithmetic. */
const SPREAD = 0.6;

interface TensorSpec {
  readonly name: string;
  /** Fastest dimension first, as GGUF stores them. */
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

/** How the vocabulary begins and ends a text: as llama's, or as a ChatML model's, whose template begins with its BOS. */
export type TinyStyle = "llama" | "chatml";

export function tinyLlama(seed = 42, style: TinyStyle = "llama"): TinyLlama {
  const vocabulary = makeVocabulary(style);
  const tensors = makeTensors(vocabulary.pieces.length, Stream.root(seed).derive("tiny-llama"));
  const weights = new Map(tensors.map((tensor) => [tensor.name, tensor.values]));
  const weight = (name: string): Float32Array => {
    const values = weights.get(name);
    if (values === undefined) throw new Error(`no tensor ${name}`);
    return values;
  };
  const ids = new Map(vocabulary.pieces.map((piece, id) => [piece, id]));
  const piece = (id: number): string => (vocabulary.pieces[id] ?? "").replaceAll("\u2581", " ");
  return {
    pieces: vocabulary.pieces,
    file: writeGguf(tensors, vocabulary, style),
    tokenize: (text) => [...(style === "llama" ? [BOS] : []), ...withControl(text, vocabulary, ids)],
    piece: (id) => (vocabulary.types[id] === BYTE ? byteText([id]) : piece(id)),
    text: (tokens) => textOf(tokens, vocabulary, piece),
    forward: (tokens) => tokens.map(begin(vocabulary.pieces.length, weight)),
    begin: () => begin(vocabulary.pieces.length, weight),
  };
}

const ENDS = { llama: ["<s>", "</s>"], chatml: ["<|im_start|>", "<|im_end|>"] } as const;

const CHATML =
  "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

const FIRST_BYTE = 3;
const NORMAL = 1;
const UNKNOWN = 2;
const CONTROL = 3;
const BYTE = 6;

interface Vocabulary {
  readonly pieces: readonly string[];
  readonly types: readonly number[];
  readonly scores: readonly number[];
}

function makeVocabulary(style: TinyStyle): Vocabulary {
  const pieces = ["<unk>", ...ENDS[style]];
  const types = [UNKNOWN, CONTROL, CONTROL];
  const scores = [0, 0, 0];
  for (let byte = 0; byte < 256; byte++) {
    pieces.push(`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);
    types.push(BYTE);
    scores.push(0);
  }
  const letters = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i));
  const pairs = ["th", "he", "in", "er", "an", "re", "on", "at", "en", "nd", "the", "ing", "and"];
  const starts = ["\u2581t", "\u2581a", "\u2581s", "\u2581w", "\u2581the", "\u2581and"];
  for (const piece of ["\u2581", ...letters, ...pairs, ...starts]) {
    pieces.push(piece);
    types.push(NORMAL);
    scores.push(-pieces.length);
  }
  return { pieces, types, scores };
}

function makeTensors(vocabulary: number, random: Stream): TensorSpec[] {
  const gaussian = (name: string, dims: readonly [number, number], spread: number): TensorSpec => {
    const values = new Float32Array(dims[0] * dims[1]);
    for (let i = 0; i < values.length; i++) values[i] = random.normal() * spread;
    return { name, dims, values };
  };
  const ones = (name: string): TensorSpec => ({ name, dims: [WIDTH], values: new Float32Array(WIDTH).fill(1) });
  const square = SPREAD / Math.sqrt(WIDTH);
  const tensors = [gaussian("token_embd.weight", [WIDTH, vocabulary], 1)];
  for (let layer = 0; layer < LAYERS; layer++) {
    const at = `blk.${layer}`;
    tensors.push(ones(`${at}.attn_norm.weight`));
    for (const part of ["q", "k", "v", "output"]) {
      tensors.push(gaussian(`${at}.attn_${part}.weight`, [WIDTH, WIDTH], square));
    }
    tensors.push(ones(`${at}.ffn_norm.weight`));
    tensors.push(gaussian(`${at}.ffn_gate.weight`, [WIDTH, HIDDEN], square));
    tensors.push(gaussian(`${at}.ffn_up.weight`, [WIDTH, HIDDEN], square));
    tensors.push(gaussian(`${at}.ffn_down.weight`, [HIDDEN, WIDTH], SPREAD / Math.sqrt(HIDDEN)));
  }
  const output = gaussian("output.weight", [WIDTH, vocabulary], 2 * square);
  // A trained model writes a character as its own token where it has one: no byte is the likeliest token.
  output.values.fill(0, FIRST_BYTE * WIDTH, (FIRST_BYTE + 256) * WIDTH);
  tensors.push(ones("output_norm.weight"), output);
  return tensors;
}

/** A text with control tokens in it: what stands between them is tokenized by itself. */
function withControl(text: string, vocabulary: Vocabulary, ids: ReadonlyMap<string, number>): number[] {
  const [bos, eos] = [vocabulary.pieces[BOS]!, vocabulary.pieces[EOS]!];
  const at = [bos, eos].map((piece) => text.indexOf(piece));
  const first = at.filter((place) => place >= 0).sort((a, b) => a - b)[0];
  if (first === undefined) return tokenize(text, vocabulary, ids);
  const piece = text.startsWith(bos, first) ? bos : eos;
  return [
    ...tokenize(text.slice(0, first), vocabulary, ids),
    piece === bos ? BOS : EOS,
    ...withControl(text.slice(first + piece.length), vocabulary, ids),
  ];
}

/** SentencePiece as llama.cpp runs it: characters, then the best-scoring neighbors merge until none does. */
function tokenize(text: string, { scores }: Vocabulary, ids: ReadonlyMap<string, number>): number[] {
  if (text === "") return [];
  const symbols = [...` ${text}`.replaceAll(" ", "\u2581")];
  for (;;) {
    let best = -1;
    let bestScore = Number.NEGATIVE_INFINITY;
    for (let i = 0; i + 1 < symbols.length; i++) {
      const id = ids.get(symbols[i]! + symbols[i + 1]!);
      if (id !== undefined && scores[id]! > bestScore) {
        best = i;
        bestScore = scores[id]!;
      }
    }
    if (best < 0) break;
    symbols.splice(best, 2, symbols[best]! + symbols[best + 1]!);
  }
  return symbols.flatMap((symbol) => ids.get(symbol) ?? [...Buffer.from(symbol)].map((byte) => FIRST_BYTE + byte));
}

function byteText(ids: readonly number[]): string {
  return Buffer.from(ids.map((id) => id - FIRST_BYTE)).toString("utf8");
}

function textOf(ids: readonly number[], { types }: Vocabulary, piece: (id: number) => string): string {
  let text = "";
  let bytes: number[] = [];
  for (const id of [...ids, -1]) {
    if (types[id] === BYTE) {
      bytes.push(id);
      continue;
    }
    if (bytes.length > 0) text += byteText(bytes);
    bytes = [];
    if (types[id] === NORMAL) text += piece(id);
  }
  return text;
}

/** The llama forward pass in float64: RMS norm, rotary attention over the prefix, SwiGLU. */
function begin(vocabulary: number, weight: (name: string) => Float32Array): (id: number) => Float64Array {
  const keys = Array.from({ length: LAYERS }, (): Float64Array[] => []);
  const values = Array.from({ length: LAYERS }, (): Float64Array[] => []);
  let position = -1;
  return (id) => {
    position += 1;
    let x: Float64Array = Float64Array.from(weight("token_embd.weight").subarray(id * WIDTH, (id + 1) * WIDTH));
    for (let layer = 0; layer < LAYERS; layer++) {
      const part = (name: string, input: Float64Array, rows: number) =>
        apply(weight(`blk.${layer}.${name}.weight`), input, rows);
      const normed = rmsNorm(x);
      const query = rotate(part("attn_q", normed, WIDTH), position);
      keys[layer]!.push(rotate(part("attn_k", normed, WIDTH), position));
      values[layer]!.push(part("attn_v", normed, WIDTH));
      x = sum(x, part("attn_output", attend(query, keys[layer]!, values[layer]!), WIDTH));
      const again = rmsNorm(x);
      const up = part("ffn_up", again, HIDDEN);
      const gated = part("ffn_gate", again, HIDDEN).map((v, i) => (v / (1 + Math.exp(-v))) * up[i]!);
      x = sum(x, part("ffn_down", gated, WIDTH));
    }
    return logSoftmax(apply(weight("output.weight"), rmsNorm(x), vocabulary));
  };
}

function attend(query: Float64Array, keys: readonly Float64Array[], values: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(WIDTH);
  for (let head = 0; head < HEADS; head++) {
    const from = head * HEAD;
    const scores = Float64Array.from(keys, (key) => {
      let dot = 0;
      for (let i = 0; i < HEAD; i++) dot += query[from + i]! * key[from + i]!;
      return dot / Math.sqrt(HEAD);
    });
    const shares = logSoftmax(scores).map(Math.exp);
    for (const [t, value] of values.entries()) {
      for (let i = 0; i < HEAD; i++) out[from + i]! += shares[t]! * value[from + i]!;
    }
  }
  return out;
}

function apply(matrix: Float32Array, x: Float64Array, rows: number): Float64Array {
  const out = new Float64Array(rows);
  for (let r = 0; r < rows; r++) {
    let dot = 0;
    for (let i = 0; i < x.length; i++) dot += matrix[r * x.length + i]! * x[i]!;
    out[r] = dot;
  }
  return out;
}

function rmsNorm(x: Float64Array): Float64Array {
  let squares = 0;
  for (const value of x) squares += value * value;
  const scale = 1 / Math.sqrt(squares / x.length + EPSILON);
  return x.map((value) => value * scale);
}

function rotate(x: Float64Array, position: number): Float64Array {
  for (let head = 0; head < HEADS; head++) {
    for (let i = 0; i < HEAD / 2; i++) {
      const angle = position * 10000 ** ((-2 * i) / HEAD);
      const [at, cos, sin] = [head * HEAD + 2 * i, Math.cos(angle), Math.sin(angle)];
      const [a, b] = [x[at]!, x[at + 1]!];
      x[at] = a * cos - b * sin;
      x[at + 1] = a * sin + b * cos;
    }
  }
  return x;
}

function sum(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value + b[i]!);
}

function logSoftmax(x: Float64Array): Float64Array {
  const largest = Math.max(...x);
  let total = 0;
  for (const value of x) total += Math.exp(value - largest);
  const log = largest + Math.log(total);
  return x.map((value) => value - log);
}

const [U32, I32, F32, BOOL, STRING, ARRAY] = [4, 5, 6, 7, 8, 9];

function writeGguf(tensors: readonly TensorSpec[], vocabulary: Vocabulary, style: TinyStyle): Uint8Array {
  const u32 = (n: number) => Buffer.from(Uint32Array.of(n).buffer);
  const u64 = (n: number) => Buffer.from(BigUint64Array.of(BigInt(n)).buffer);
  const i32 = (n: number) => Buffer.from(Int32Array.of(n).buffer);
  const f32 = (n: number) => Buffer.from(Float32Array.of(n).buffer);
  const string = (s: string) => Buffer.concat([u64(Buffer.byteLength(s)), Buffer.from(s)]);
  const array = (type: number, items: readonly Buffer[]) => Buffer.concat([u32(type), u64(items.length), ...items]);
  const fields: [string, number, Buffer][] = [
    ["general.architecture", STRING, string("llama")],
    ["general.name", STRING, string("tiny")],
    ["general.file_type", U32, u32(0)],
    ["llama.context_length", U32, u32(CONTEXT)],
    ["llama.embedding_length", U32, u32(WIDTH)],
    ["llama.block_count", U32, u32(LAYERS)],
    ["llama.feed_forward_length", U32, u32(HIDDEN)],
    ["llama.attention.head_count", U32, u32(HEADS)],
    ["llama.attention.head_count_kv", U32, u32(HEADS)],
    ["llama.attention.layer_norm_rms_epsilon", F32, f32(EPSILON)],
    ["llama.rope.dimension_count", U32, u32(HEAD)],
    ["llama.vocab_size", U32, u32(vocabulary.pieces.length)],
    ["tokenizer.ggml.model", STRING, string("llama")],
    ["tokenizer.ggml.pre", STRING, string("default")],
    ["tokenizer.ggml.tokens", ARRAY, array(STRING, vocabulary.pieces.map(string))],
    ["tokenizer.ggml.scores", ARRAY, array(F32, vocabulary.scores.map(f32))],
    ["tokenizer.ggml.token_type", ARRAY, array(I32, vocabulary.types.map(i32))],
    ["tokenizer.ggml.bos_token_id", U32, u32(BOS)],
    ["tokenizer.ggml.eos_token_id", U32, u32(EOS)],
    ["tokenizer.ggml.unknown_token_id", U32, u32(0)],
    ["tokenizer.ggml.add_bos_token", BOOL, Buffer.from([style === "llama" ? 1 : 0])],
  ];
  if (style === "chatml") fields.push(["tokenizer.chat_template", STRING, string(CHATML)]);
  const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((32 - (bytes.length % 32)) % 32)]);
  let offset = 0;
  const headers: Buffer[] = [];
  const data: Buffer[] = [];
  for (const { name, dims, values } of tensors) {
    headers.push(Buffer.concat([string(name), u32(dims.length), ...dims.map(u64), u32(0), u64(offset)]));
    const bytes = padded(Buffer.from(values.buffer));
    data.push(bytes);
    offset += bytes.length;
  }
  const head = Buffer.concat([
    Buffer.from("GGUF"),
    u32(3),
    u64(tensors.length),
    u64(fields.length),
    ...fields.map(([key, type, value]) => Buffer.concat([string(key), u32(type), value])),
    ...headers,
  ]);
  return Buffer.concat([padded(head), ...data]);
}
