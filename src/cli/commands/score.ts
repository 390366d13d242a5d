import { type Command, Option } from "commander";
import { DEFAULT_METRICS } from "../../config/default-metrics.ts";
import { MOST_SUBSAMPLES } from "../../config/most-subsamples.ts";
import type { Io } from "../../core/io.ts";
import { TOKENIZERS } from "../../text/tokenizer.ts";
import { addOutputOptions, wholeNumber } from "../options.ts";
import type { ScoreFlags } from "../score/score.ts";

const EXAMPLES = `
Examples:
  $ mopbench score --gold reviews.csv --gold-text review --synthetic generated.jsonl
  $ mopbench score --gold gold.npy --synthetic synthetic.npy --metrics fid,mauve --json
  $ mopbench score --gold gold.jsonl --synthetic gen.jsonl --encoder transformers:sentence-transformers/all-mpnet-base-v2 --samples 1000

Texts: .jsonl, .json, .csv, .tsv, .parquet, or plain lines (.txt). Embeddings: .npy, two dimensions, float32 or float64, C order.
Without --encoder and without embeddings, embedded:lsa is fitted on the gold texts.
`;

/** `mopbench score`: any texts or embeddings against gold, no config needed. */
export function register(program: Command, io: Io): void {
  const command = program
    .command("score")
    .description("score texts or embeddings against gold ones; no config needed")
    .requiredOption("--gold <file>", "the real texts (a table or lines) or their embeddings (.npy)")
    .requiredOption("--synthetic <file>", "the texts to be scored, or their embeddings")
    .option("--text <column>", "column that holds the text (default: text)")
    .option("--gold-text <column>", "the same for --gold, where it differs")
    .option("--delimiter <character>", "between the fields of CSV files: one character, or tab (default: detected)")
    .option("--gold-embeddings <file.npy>", "embeddings of the gold texts, row for row")
    .option("--synthetic-embeddings <file.npy>", "embeddings of the synthetic texts, row for row")
    .option(
      "--metrics <ids>",
      "ids, groups (all, alignment, diversity, honesty) or {id: {options}, as: NAME}, with commas",
      DEFAULT_METRICS.join(","),
    )
    .option(
      "--encoder <encoder>",
      "provider:name, or {provider: {options}}; may be given again for a second opinion",
      (value: string, earlier: readonly string[] = []) => [...earlier, value],
    )
    .option("--exemplars <file>", "texts that the prompts showed: copies are looked for there (default: in gold)")
    .addOption(
      new Option("--tokenizer <name>", "what metrics of words count; words: Unicode's, for languages without spaces")
        .choices(TOKENIZERS)
        .default("whitespace"),
    )
    .option("--samples <n>", "only the first n rows of each", wholeNumber(2))
    .option("--allow-unequal", "score sets of unequal size; set metrics are biased by size")
    .option(
      "--subsamples <n>",
      "random subsamples for 95 % intervals, of 200 texts and more; 0: none, at least 20 advised",
      wholeNumber(0, MOST_SUBSAMPLES),
      0,
    )
    .option("--seed <n>", "seed of projections, folds and subsamples", wholeNumber(0), 0)
    .addHelpText("after", EXAMPLES)
    .action(async (flags: ScoreFlags) => {
      const { score } = await import("../score/score.ts");
      await score(flags, io);
    });
  addOutputOptions(command);
}
