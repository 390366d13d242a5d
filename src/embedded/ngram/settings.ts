/** What makes an embedded model: how much it read, how far back it looks, how finely it tells subjects and manners apart. */
export interface TrainingSettings {
  /** Longest n-gram. */
  readonly order: number;
  /** At most so many facets of contexts, and clusters of what texts are about. */
  readonly topics: number;
  /** Clusters of how texts are written. */
  readonly manners: number;
  /** Clusters of tokens by their neighbors; the classes are finer, as tokens that begin or end in different ways never share one. */
  readonly classes: number;
  /** Share of the background read, in (0, 1]. */
  readonly share: number;
  /** Weight of the mainstream in answers to prompts that tell nothing about who writes, in [0, 1). */
  readonly collapse: number;
}

/** The two sizes differ as real base models do: in data read, context length and how finely they adapt. */
export const SIZES = {
  small: { order: 3, topics: 16, manners: 6, classes: 32, share: 0.5 },
  large: { order: 4, topics: 48, manners: 16, classes: 96, share: 1 },
} as const;

export type Size = keyof typeof SIZES;

/**
 * Weights before the collapse takes its part: the general component has `general`; of the rest, where the prompt carries a
 * persona or an exemplar, `manners` goes to the manners it points at; what is left goes to the task alone.
 */
export const WEIGHTS = { general: 0.1, manners: 0.75 } as const;

/** The collapse is multiplied by RELIEF^told for the persona and again for the exemplars: each halves it at most (Writer). */
export const RELIEF = 0.5;

/** The mainstream: share of each topic's texts, and how its counts are discounted and sharpened. */
export const MAINSTREAM = { share: 0.2, discount: 0.2, power: 2 } as const;

/** Longest n-gram of facets, topics and manners (the general table has the model's), and the discount of their counts. */
export const EXPERT = { order: 3, discount: 0.5 } as const;

/** See MixtureSettings. */
export const MIXTURE = { share: 0.05, beta: 100, eta: 0.003 } as const;

/** Weight of a token seen once in favor of the escape it would be, were it unknown: low, because spelled words read badly. */
export const SPELLING_SHARE = 0.2;

/** See GateSettings. */
export const GATE = { topicSharpness: 8, mannerWeight: 0.35, hint: 1, activeTopics: 2, activeManners: 2 } as const;

/** Sharpness tried on held-out texts. */
export const SHARPNESS_GRID = [4, 8, 16, 32] as const;

/** Every tenth text is held out. */
export const HELD_OUT_EVERY = 10;
