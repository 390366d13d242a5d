/** A persona g_k: a description in prose that a prompt can carry. */
export interface Persona {
  readonly id: string;
  readonly text: string;
  /** Records of its cluster, for the artifact and the report; null where it comes from elsewhere. */
  readonly size: number | null;
  /** Ids of real records quoted in `text`; empty for descriptions. */
  readonly quotes: readonly string[];
}
