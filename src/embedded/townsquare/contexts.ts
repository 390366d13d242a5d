import type { Context } from "../ports.ts";
import type { Kind, Occasion, Stars } from "./resident.ts";

/** One x of the town: a kind of place, when one went, and the stars given. */
export interface Scene {
  readonly kind: Kind;
  readonly occasion: Occasion;
  readonly stars: Stars;
  /** How often people write about it, relative to the others. */
  readonly weight: number;
  /** What methods see: the scene in words, and the stars as its label. */
  readonly context: Context;
}

const PLACE_WORDS: Readonly<Record<Kind, string>> = {
  café: "a café",
  pub: "a pub",
  bakery: "the bakery",
  market: "the market",
  library: "the library",
  park: "the park",
  pool: "the swimming pool",
  cinema: "the cinema",
  museum: "the museum",
  barber: "the barber's",
};

const OCCASION_WORDS: Readonly<Record<Occasion, string>> = {
  "before work": "before work",
  "rainy Saturday": "on a rainy Saturday",
  "family visiting": "with family visiting",
  "lunch break": "in the lunch break",
  "quiet weekday": "on a quiet weekday",
  "evening out": "on an evening out",
};

/** The thirty scenes, three a kind of place. */
export const SCENES: readonly Scene[] = [
  scene("café", "before work", 4, 3),
  scene("café", "rainy Saturday", 3, 2),
  scene("café", "quiet weekday", 5, 3),
  scene("pub", "evening out", 5, 3),
  scene("pub", "rainy Saturday", 2, 2),
  scene("pub", "family visiting", 4, 2),
  scene("bakery", "before work", 5, 3),
  scene("bakery", "lunch break", 3, 2),
  scene("bakery", "family visiting", 4, 2),
  scene("market", "lunch break", 4, 2),
  scene("market", "family visiting", 5, 2),
  scene("market", "rainy Saturday", 1, 2),
  scene("library", "quiet weekday", 4, 2),
  scene("library", "rainy Saturday", 5, 2),
  scene("library", "lunch break", 2, 1),
  scene("park", "before work", 4, 2),
  scene("park", "family visiting", 3, 2),
  scene("park", "quiet weekday", 1, 2),
  scene("pool", "before work", 3, 2),
  scene("pool", "family visiting", 2, 2),
  scene("pool", "evening out", 4, 1),
  scene("cinema", "evening out", 4, 3),
  scene("cinema", "rainy Saturday", 2, 2),
  scene("cinema", "quiet weekday", 5, 1),
  scene("museum", "family visiting", 4, 2),
  scene("museum", "rainy Saturday", 3, 2),
  scene("museum", "quiet weekday", 1, 1),
  scene("barber", "before work", 2, 1),
  scene("barber", "lunch break", 4, 2),
  scene("barber", "quiet weekday", 5, 1),
];

function scene(kind: Kind, occasion: Occasion, stars: Stars, weight: number): Scene {
  const text = `${PLACE_WORDS[kind]}, ${OCCASION_WORDS[occasion]}`;
  return { kind, occasion, stars, weight, context: { text, label: `${stars} ${stars === 1 ? "star" : "stars"}` } };
}
