/** What is computed where nobody says what. */
export const DEFAULT_METRICS = ["fid", "mauve", "kl-cosine", "self-bleu", "distinct", "vendi"] as const;
