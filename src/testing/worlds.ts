import { Stream } from "../core/stream.ts";
import { evidenceOf } from "../metrics/evidence.ts";
import type { MetricInput } from "../metrics/metric.ts";
import { SampleSet } from "../metrics/sample-set.ts";

/** How a population writes about topics; a topic has words of its own and a place of its own among the embeddings. */
export interface World {
  /** Share of each topic. */
  readonly topics: readonly number[];
  /** Deviation of embeddings about their topic's center, and how far all lie off people's. */
  readonly spread: number;
  readonly shift: number;
  /** Mean words of a text beyond three, exponentially distributed. */
  readonly length: number;
  /** Share of texts that are one of a few stock phrases, and of texts copied from the exemplars. */
  readonly stock: number;
  readonly copied: number;
}

export const people: World = {
  topics: [0.25, 0.2, 0.2, 0.15, 0.1, 0.1],
  spread: 0.6,
  shift: 0,
  length: 12,
  stock: 0,
  copied: 0,
};

/** Close to people, with a few duplicates and copies. */
export const near: World = {
  topics: [0.3, 0.24, 0.2, 0.14, 0.09, 0.03],
  spread: 0.53,
  shift: 0.3,
  length: 11,
  stock: 0.08,
  copied: 0.1,
};

/** Other topics, place, spread and length, many duplicates and copies. */
export const far: World = {
  topics: [0.05, 0.1, 0.15, 0.2, 0.2, 0.3],
  spread: 0.7,
  shift: -0.6,
  length: 17,
  stock: 0.2,
  copied: 0.25,
};

const D = 24;
const EXEMPLARS = 300;
const PHRASES = 4;
const WORDS_OF_A_PHRASE = 10;

interface Item {
  readonly text: string;
  readonly topic: number;
  readonly point: Float64Array;
}

/** Gold and all else that is held fixed while sets are drawn anew. */
export class Simulation {
  readonly #world: World;
  readonly #n: number;
  readonly #root: Stream;
  readonly #exemplars: readonly Item[];
  readonly #stock: readonly Item[];
  readonly #fixed: Omit<MetricInput, "synthetic">;

  /** @param n texts of gold and of every set. */
  constructor(world: World, n: number, seed: number) {
    this.#world = world;
    this.#n = n;
    this.#root = Stream.root(seed);
    const many = (name: string, count: number, make: (random: Stream) => Item) => {
      const random = this.#root.derive(name);
      return Array.from({ length: count }, () => make(random));
    };
    const person = (random: Stream) => write(random, people);
    this.#exemplars = many("exemplars", EXEMPLARS, person);
    this.#stock = many("stock", PHRASES, (random) =>
      write(random, { ...world, spread: world.spread / 3 }, WORDS_OF_A_PHRASE),
    );
    const train = many("train", EXEMPLARS, person);
    const exemplars = this.#exemplars.map(({ text }) => text);
    const labeled = {
      texts: train.map(({ text }) => text),
      labels: train.map(({ topic }) => `topic ${topic}`),
      embeddings: setOf(train).embeddings,
    };
    this.#fixed = {
      gold: setOf(many("gold", n, person)),
      evidence: evidenceOf({ exemplars: () => exemplars, train: () => labeled }),
    };
  }

  /** The set of that number: equal numbers give equal sets. */
  draw(number: number): SampleSet {
    const random = this.#root.derive("set", number);
    const { stock, copied } = this.#world;
    const items = Array.from({ length: this.#n }, () => {
      const kind = random.next();
      if (kind < stock) return random.pick(this.#stock);
      return kind < stock + copied ? random.pick(this.#exemplars) : write(random, this.#world);
    });
    return setOf(items);
  }

  input(synthetic: SampleSet): MetricInput {
    return { ...this.#fixed, synthetic };
  }
}

function write(random: Stream, { topics, spread, shift, length }: World, words?: number): Item {
  const topic = random.weighted(topics);
  const point = new Float64Array(D);
  for (let j = 0; j < D; j++) {
    const center = (j % topics.length === topic ? 1.8 : 0) + (j === 0 ? shift : 0);
    point[j] = (center + spread * random.normal()) / Math.sqrt(D);
  }
  const text = Array.from({ length: words ?? 3 + Math.floor(-Math.log(1 - random.next()) * length) }, () => {
    const word = Math.floor(Math.exp(random.next() * Math.log(400)));
    return random.next() < 0.5 ? `w${word}` : `t${topic}w${word}`;
  }).join(" ");
  return { text, topic, point };
}

function setOf(items: readonly Item[]): SampleSet {
  const data = new Float32Array(items.length * D);
  items.forEach(({ point }, i) => void data.set(point, i * D));
  return new SampleSet({ texts: items.map(({ text }) => text), embeddings: { data, rows: items.length, cols: D } });
}
