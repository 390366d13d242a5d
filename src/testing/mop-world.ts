import type { Matrix } from "../core/matrix.ts";
import { silent } from "../core/progress.ts";
import type { Context, PopulationRecord } from "../core/record.ts";
import { Stream } from "../core/stream.ts";
import { splitTokens } from "../core/tokens.ts";
import type { Encoder } from "../encoders/encoder.ts";
import type { BaseModel, ScoreRequest } from "../models/model.ts";
import type { FitContext } from "../mop/fit-context.ts";
import { defaultTemplates } from "../prompts/defaults.ts";
import { createRenderer } from "../prompts/render.ts";
import { testFolder } from "./test-folder.ts";

/*
 * A small world with a known truth, for the tests of methods: three kinds of people, each with words of their own, write about
 * four contexts; who writes depends on the context. The model answers like the kind of person its prompt's persona and exemplar
 * belong to, half and half. Nothing outside tests imports it.
 */

const WORDS = [
  "apple pear plum fig quince lemon",
  "hammer nail saw drill plane chisel",
  "sonata fugue waltz hymn rondo suite",
];
const LISTS = WORDS.map((words) => new Set(splitTokens(words)));
const ALL = splitTokens(WORDS.join(" "));
export const personaTexts: readonly string[] = WORDS.map((words) => `Someone who talks of ${words}`);
export const worldContexts: readonly Context[] = ["monday", "friday", "sunday", "holiday"].map((text) => ({
  text,
  label: null,
}));
/** pi*(x): rows are contexts. */
export const truePi: readonly (readonly number[])[] = [
  [0.8, 0.1, 0.1],
  [0.1, 0.8, 0.1],
  [0.1, 0.1, 0.8],
  [0.45, 0.45, 0.1],
];
/** Share of a text's words that come from its owner's own list; the rest come from all lists alike. */
const OWN = 0.8;

/** Whose words a text mostly holds, -1 for none. */
export function ownerOf(text: string): number {
  const words = splitTokens(text);
  const counts = LISTS.map((list) => words.filter((word) => list.has(word)).length);
  const most = Math.max(...counts);
  return most === 0 ? -1 : counts.indexOf(most);
}

/** n records; `owners` draws who writes (pi* of the context unless given). */
export function worldRecords(
  n: number,
  random: Stream,
  owners?: (context: number) => readonly number[],
): PopulationRecord[] {
  return Array.from({ length: n }, (_, i) => {
    const stream = random.derive(i);
    const c = i % worldContexts.length;
    const owner = stream.weighted(owners?.(c) ?? truePi[c]!);
    const words = Array.from({ length: 8 }, () =>
      stream.pick(splitTokens(WORDS[stream.next() < OWN ? owner : stream.int(3)]!)),
    );
    return { id: `r${i}`, context: worldContexts[c]!, text: words.join(" ") };
  });
}

/** Words hashed into 24 columns, unit rows. */
export const worldEncoder: Encoder = {
  id: "test:words",
  width: 24,
  normalized: true,
  fingerprint: "test-words",
  description: {},
  encode: async (texts) => embed(texts),
};

const vectors = new Map<string, Float64Array>();

function vectorOf(word: string): Float64Array {
  const known = vectors.get(word);
  if (known !== undefined) return known;
  const stream = Stream.root(0).derive("word", word);
  const vector = Float64Array.from({ length: 24 }, () => stream.normal());
  vectors.set(word, vector);
  return vector;
}

function embed(texts: readonly string[]): Matrix {
  const cols = 24;
  const data = new Float32Array(texts.length * cols);
  for (const [i, text] of texts.entries()) {
    const row = new Float64Array(cols);
    for (const word of splitTokens(text)) {
      const vector = vectorOf(word);
      for (let d = 0; d < cols; d++) row[d]! += vector[d]!;
    }
    const norm = Math.hypot(...row) || 1;
    for (let d = 0; d < cols; d++) data[i * cols + d] = row[d]! / norm;
  }
  return { data, rows: texts.length, cols };
}

/** What the model gives a text: words of the persona's and of the exemplar's owner are likely, others not. */
export function worldScore({ prompt, continuation, temperature = 1 }: ScoreRequest): {
  total: number;
  tokens: Float64Array;
} {
  const { persona, exemplars } = prompt.content;
  const owners = [...(persona === null ? [] : [ownerOf(persona)]), ...exemplars.map((r) => ownerOf(r.text))];
  const chance = (word: string): number =>
    owners.reduce(
      (sum, owner) =>
        sum + ((owner >= 0 && LISTS[owner]!.has(word) ? OWN / 6 : 0) + (owner >= 0 ? 1 - OWN : 1) / 18) / owners.length,
      owners.length === 0 ? 1 / 18 : 0,
    );
  const norm = ALL.reduce((sum, word) => sum + chance(word) ** (1 / temperature), 0);
  const tokens = Float64Array.from(splitTokens(continuation), (word) =>
    Math.log(chance(word) ** (1 / temperature) / norm),
  );
  return { total: tokens.reduce((a, b) => a + b, 0), tokens };
}

export interface ScriptedModel extends BaseModel {
  /** Calls so far: of scoring, or of answering where it does not score. */
  readonly calls: { count: number };
}

/** A model of `worldScore` that counts its calls; `onScore` may throw. */
export function worldModel(onScore: (call: number) => void = () => {}): ScriptedModel {
  const calls = { count: 0 };
  return {
    id: "test:world",
    can: { chat: true, completion: true, promptLogprobs: true, endLogprobs: false, seed: true, instructions: false },
    remark: "test",
    description: {},
    calls,
    generate: async () => ({ text: "apple", tokensIn: 1, tokensOut: 1, finish: "stop" }),
    score: async (request) => {
      onScore(++calls.count);
      return worldScore(request);
    },
  };
}

/** Writes eight words, each like the persona's or the exemplar's owner would, half and half. Gives no log-probabilities. */
export function worldWriter(onAnswer: (call: number) => void = () => {}): ScriptedModel {
  const calls = { count: 0 };
  return {
    id: "test:writer",
    can: { chat: true, completion: true, promptLogprobs: false, endLogprobs: false, seed: true, instructions: false },
    remark: "test",
    description: {},
    calls,
    generate: async ({ prompt, seed }) => {
      onAnswer(++calls.count);
      const { persona, exemplars } = prompt.content;
      const owners = [...(persona === null ? [] : [ownerOf(persona)]), ...exemplars.map((r) => ownerOf(r.text))];
      const stream = Stream.root(seed);
      const words = Array.from({ length: 8 }, () => {
        const owner = owners.length === 0 ? -1 : stream.pick(owners);
        return stream.pick(splitTokens(WORDS[owner >= 0 && stream.next() < OWN ? owner : stream.int(3)]!));
      });
      return { text: words.join(" "), tokensIn: 1, tokensOut: 8, finish: "stop" };
    },
  };
}

/** A fit context over the world; `pool` gives the first records unless told otherwise. */
export async function worldContext(overrides: Partial<FitContext> = {}): Promise<FitContext> {
  const train = overrides.train ?? worldRecords(400, Stream.root(5).derive("train"));
  return {
    datasetId: "world",
    locator: {},
    train,
    pool: (size) => train.slice(0, size),
    model: worldModel(),
    encoder: worldEncoder,
    prompts: await createRenderer(defaultTemplates),
    decoding: { temperature: 1, topP: 1, maxTokens: 50 },
    random: Stream.root(1).derive("world", "mop"),
    artifactDir: testFolder(),
    baseDir: testFolder(),
    concurrency: 4,
    progress: silent,
    ...overrides,
  };
}
