/** Methods that show the model no real text, and methods that do, are never ranked against each other. */
export type Tier = "no real texts" | "real texts";

/** In the order of tables. */
export const tiers: readonly Tier[] = ["no real texts", "real texts"];

/** The tier of a method whose prompts can show this many real texts. */
export function tierOf(realTextsSeen: number): Tier {
  return realTextsSeen > 0 ? "real texts" : "no real texts";
}
