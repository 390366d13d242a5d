import { Stream } from "../../src/core/stream.ts";

const TOPICS: Readonly<Record<string, readonly string[]>> = {
  bakery: ["bread", "crust", "queue", "butter", "morning", "oven", "rolls", "flour"],
  harbour: ["boats", "gulls", "rope", "salt", "evening", "nets", "tide", "fog"],
  library: ["shelves", "quiet", "chairs", "maps", "lamps", "stamps", "dust", "reading"],
};

/** A CSV of `n` short made-up reviews on three topics with two labels. */
export function reviewsCsv(n: number): string {
  const random = Stream.root(11).derive("reviews");
  const topics = Object.keys(TOPICS);
  const lines = ["review,topic,stars"];
  for (let i = 0; i < n; i++) {
    const topic = random.pick(topics);
    const words = Array.from({ length: 5 + random.int(9) }, () => random.pick(TOPICS[topic] ?? []));
    lines.push(`"The ${words.join(" and the ")}, visit ${i}.",${topic},${random.int(2) === 0 ? "good" : "bad"}`);
  }
  return `${lines.join("\n")}\n`;
}

/** The smallest config that does everything: MoP, its baselines, an embedded model, words and embeddings. */
export const TINY_CONFIG = `name: tiny
seed: 3
datasets:
  - file: { path: reviews.csv, text: review, context: topic, label: stars }
models: [embedded:small]
methods:
  - zero-shot
  - persona: { personas: 4 }
  - few-shot
  - mop-uniform: { personas: 4, exemplars: 40 }
  - mop: { personas: 4, exemplars: 40, records: 60, pairs: 4, maxSteps: 40 }
samples: 40
repeats: 2
encoder: embedded:lsa
metrics: [fid, kl-cosine, self-bleu, distinct]
decoding: { maxTokens: 30 }
`;
