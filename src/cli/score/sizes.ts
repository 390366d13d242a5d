import { InputError } from "../../core/errors.ts";
import type { Progress } from "../../core/progress.ts";
import type { Side } from "./side.ts";

/** What the command line says of sizes. */
export interface SizeRules {
  readonly samples: number | null;
  readonly allowUnequal: boolean;
}

/**
 * Refuses what cannot be compared: a side of one text, sides of unequal size unless that was asked for (then it is said),
 * fewer rows than --samples asks for, embeddings of unequal width.
 * @throws InputError telling both sizes and the ways out.
 */
export function checkSizes(synthetic: Side, gold: Side, rules: SizeRules, progress: Progress): void {
  for (const side of [synthetic, gold]) {
    if (side.skipped > 0)
      progress.warn(`${side.file}: ${side.skipped} rows without a text (failed calls) were left out.`);
    if (side.size < 2)
      throw new InputError(
        `${side.file} holds ${side.size === 1 ? "one text" : "no texts"}; a set of at least 2 is needed, some hundred for values that mean something.`,
      );
    const empty = side.texts?.filter((text) => text.trim() === "").length ?? 0;
    if (empty > 0)
      progress.warn(
        `${side.file}: ${empty} of ${side.size} texts are blank; they count as texts here (\`mopbench run\` leaves such rows out).`,
      );
  }
  if (synthetic.embeddings !== null && gold.embeddings !== null && synthetic.embeddings.cols !== gold.embeddings.cols)
    throw new InputError(
      `The synthetic embeddings are ${synthetic.embeddings.cols} numbers wide, the gold ones ${gold.embeddings.cols}: encode both sides with the same encoder.`,
    );
  const smaller = Math.min(synthetic.size, gold.size);
  if (rules.samples !== null && smaller < rules.samples && !rules.allowUnequal) {
    const short = synthetic.size < gold.size ? synthetic : gold;
    throw new InputError(
      `--samples ${rules.samples}: ${short.file} has only ${short.size} texts. Use --samples ${smaller}, or --allow-unequal to take what there is.`,
    );
  }
  if (synthetic.size === gold.size) return;
  const sizes = `${synthetic.file} has ${synthetic.size} texts, ${gold.file} has ${gold.size}`;
  if (!rules.allowUnequal)
    throw new InputError(
      `${sizes}: set metrics are biased by size, so sets of unequal size are not compared. Use --samples ${smaller} for the first ${smaller} of each, or --allow-unequal to compare them all the same.`,
    );
  progress.warn(`${sizes}: set metrics are biased by size; compare these values only with values at the same sizes.`);
}
