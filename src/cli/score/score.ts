import { homedir } from "node:os";
import path from "node:path";
import { ConfigSource } from "../../config/source.ts";
import { CallError, InputError, InterruptedError } from "../../core/errors.ts";
import type { Json } from "../../core/hash.ts";
import type { Io } from "../../core/io.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { Progress } from "../../core/progress.ts";
import type { ResultRow, Results } from "../../core/result.ts";
import { evidenceOf } from "../../metrics/evidence.ts";
import type { Metric } from "../../metrics/metric.ts";
import { resolveMetrics } from "../../metrics/resolve.ts";
import { SampleSet } from "../../metrics/sample-set.ts";
import { alwaysComputed, selectMetrics } from "../../metrics/select.ts";
import type { Registries } from "../../plugins/compose.ts";
import { defaultCacheDir } from "../../run/services.ts";
import { SCORED } from "../../scoring/score-pair.ts";
import { type Tokenizer, type TokenizerName, tokenizerNamed, whitespace } from "../../text/tokenizer.ts";
import { lackSpaces, spacesWarning } from "../../text/unspaced.ts";
import { registriesOf } from "../plugins.ts";
import { openProgress } from "../progress.ts";
import { Claims } from "./claims.ts";
import { type EmbeddingSource, embeddingSources } from "./encoders.ts";
import { GoldCache } from "./gold-cache.ts";
import { measureKept } from "./measure.ts";
import { readColumn, readSide, type Side, type SideRequest } from "./side.ts";
import { checkSizes } from "./sizes.ts";
import { scoreTable } from "./table.ts";
import { refuseVoidFlags } from "./void-flags.ts";
import { type ApartTask, WordsThread, wordsTask, writtenMetrics } from "./words-thread.ts";

/** What `mopbench score` may be told, as parsed from the command line. */
export interface ScoreFlags {
  readonly gold: string;
  readonly synthetic: string;
  readonly text?: string;
  readonly goldText?: string;
  readonly delimiter?: string;
  readonly goldEmbeddings?: string;
  readonly syntheticEmbeddings?: string;
  readonly metrics: string;
  readonly tokenizer: TokenizerName;
  readonly encoder?: readonly string[];
  readonly exemplars?: string;
  readonly samples?: number;
  readonly allowUnequal?: boolean;
  readonly subsamples: number;
  readonly seed: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Runs `mopbench score` and writes its result to stdout. @throws InputError for wrong input, InterruptedError on Ctrl-C. */
export async function score(flags: ScoreFlags, io: Io): Promise<void> {
  const progress = await openProgress(io, flags.quiet ?? false);
  try {
    const rows = await scoreRows(flags, io, progress);
    progress.close();
    const results: Results = { schema: 1, rows, comparisons: [] };
    io.stdout(flags.json ? `${JSON.stringify(results)}\n` : `${titleOf(rows, flags)}\n\n${scoreTable(rows)}`);
  } catch (error) {
    throw io.signal.aborted && error instanceof CallError ? new InterruptedError("Stopped.", { cause: error }) : error;
  } finally {
    progress.close();
  }
}

async function scoreRows(flags: ScoreFlags, io: Io, progress: Progress): Promise<ResultRow[]> {
  refuseVoidFlags(flags);
  const { registries } = await registriesOf(io);
  const metrics = await metricsOf(flags.metrics, registries.metrics, io.env);
  const reading = {
    column: flags.text ?? "text",
    delimiter: flags.delimiter ?? null,
    onNote: (note: string) => progress.note(note),
    cwd: io.cwd,
  };
  const { synthetic, gold } = await readSides(flags, reading, progress);
  const exemplars =
    flags.exemplars === undefined
      ? null
      : (await readColumn({ file: flags.exemplars, samples: null, ...reading })).texts;

  const evidence = evidenceOf(exemplars === null ? {} : { exemplars: () => exemplars });

  const tokenizer = tokenizerNamed(flags.tokenizer);
  for (const { file, texts } of tokenizer === whitespace ? [gold, synthetic] : [])
    if (texts !== null && lackSpaces(texts)) progress.warn(spacesWarning(file, "`--tokenizer words`"));

  const words = metrics.filter((metric) => metric.needs.embeddings !== true);
  const spatial = metrics.filter((metric) => metric.needs.embeddings === true);
  const cacheDir = defaultCacheDir(io.env, homedir());
  const cache = new GoldCache(path.join(cacheDir, "gold"), progress);
  const environment = {
    env: io.env,
    baseDir: io.cwd,
    offline: false,
    storeDir: path.join(cacheDir, "embeddings"),
    warn: (message: string) => progress.warn(message),
    signal: io.signal,
  };
  const sources =
    spatial.length === 0 ? [] : await embeddingSources(flags.encoder ?? [], synthetic, gold, environment, registries);
  const options = { seed: flags.seed, subsamples: flags.subsamples, signal: io.signal, progress };

  const apart = apartTask(spatial, sources, synthetic, gold);
  const task =
    sources.length === 0 ? null : wordsTask({ synthetic, gold, exemplars }, words, flags, cache.folder, apart);

  const inTurn = async (each: readonly (EmbeddingSource | null)[]): Promise<readonly ResultRow[]> => {
    const rows: ResultRow[] = [];
    for (const source of each) {
      const sets = { synthetic: await setOf(synthetic, source, tokenizer), gold: await setOf(gold, source, tokenizer) };
      const pair = {
        about: SCORED,
        ...sets,
        metrics: source === null ? words : spatial,
        encoder: source === null ? null : source.id,
        encoderSettings: settingsOf(source, sets.gold.embeddings),
        evidence,
      };
      const shared = source === null ? null : (task?.apart ?? null);
      rows.push(...(await measureKept(pair, options, cache, shared)));
    }
    return rows;
  };
  const thread = task === null ? null : new WordsThread(task, progress, io.signal);
  try {
    const here = inTurn(thread === null ? [null, ...sources] : sources);
    const rows = (await Promise.all([thread?.rows ?? [], here])).flat();
    const order = new Map(metrics.map((metric, i) => [metric.id, i]));
    return rows.sort((a, b) => order.get(a.metric)! - order.get(b.metric)!);
  } finally {
    await thread?.stop();
    for (const source of sources) if (source.kind === "encoder") await source.encoder.close?.();
  }
}

/** What a thread that is done with the words may take over: only of given embeddings, which need not be made first. */
function apartTask(
  spatial: readonly Metric[],
  sources: readonly EmbeddingSource[],
  synthetic: Side,
  gold: Side,
): ApartTask | null {
  const metrics = writtenMetrics(spatial.filter((metric) => metric.apart));
  const given = sources.length === 1 && sources[0]!.kind === "given" ? sources[0]! : null;
  if (given === null || metrics.length === 0 || synthetic.embeddings === null || gold.embeddings === null) return null;
  return {
    synthetic: synthetic.embeddings,
    gold: gold.embeddings,
    encoder: given.id,
    encoderSettings: settingsOf(given, gold.embeddings),
    metrics,
    claims: new Claims(metrics.length).shared,
  };
}

/** The metrics that `--metrics` names: ids and groups, or a list as a config has it. @throws InputError */
async function metricsOf(flag: string, registry: Registries["metrics"], env: Io["env"]): Promise<readonly Metric[]> {
  if (!flag.includes("{")) {
    const known = await registry.loaded();
    const ids = flag.split(",").map((id) => id.trim());
    const named = ids.filter((id) => id !== "");
    if (named.length === 0) throw new InputError("--metrics names none: give ids or groups, such as `all`.");
    const asked = selectMetrics(named, known);
    return [...new Set([...asked, ...alwaysComputed("everywhere", known)])];
  }
  const source = new ConfigSource("--metrics", `[${flag}]`, env);
  if (!Array.isArray(source.value)) throw new InputError(`--metrics: no list of metrics: ${flag}.`);
  const { asked, everywhere } = await resolveMetrics(source, registry, source.value, []);
  return [...asked, ...everywhere];
}

async function readSides(
  flags: ScoreFlags,
  reading: Pick<SideRequest, "column" | "delimiter" | "onNote" | "cwd">,
  progress: Progress,
): Promise<{ readonly synthetic: Side; readonly gold: Side }> {
  const shared = { ...reading, samples: flags.samples ?? null };
  const synthetic = await readSide({
    role: "synthetic",
    file: flags.synthetic,
    embeddings: flags.syntheticEmbeddings ?? null,
    ...shared,
  });
  const gold = await readSide({
    role: "gold",
    file: flags.gold,
    embeddings: flags.goldEmbeddings ?? null,
    ...shared,
    column: flags.goldText ?? shared.column,
  });
  checkSizes(synthetic, gold, { samples: shared.samples, allowUnequal: flags.allowUnequal ?? false }, progress);
  return { synthetic, gold };
}

/** A side as metrics see it: with no embeddings, the given ones, or an encoder's. */
async function setOf(side: Side, source: EmbeddingSource | null, tokenizer: Tokenizer): Promise<SampleSet> {
  if (source === null)
    return new SampleSet({ texts: side.texts, embeddings: side.texts === null ? side.embeddings : null, tokenizer });
  const embeddings = source.kind === "given" ? side.embeddings : await source.encoder.encode(side.texts ?? []);
  return new SampleSet({ texts: side.texts, embeddings, tokenizer });
}

function settingsOf(source: EmbeddingSource | null, gold: Matrix | null): { readonly [key: string]: Json } {
  if (source === null || gold === null) return {};
  if (source.kind === "given") return { d: gold.cols };
  const { normalized, width } = source.encoder;
  return { normalized, d: width, ...(source.fittedOnGold ? { encoderFittedOn: "gold" } : {}) };
}

function titleOf(rows: readonly ResultRow[], flags: ScoreFlags): string {
  const { n, nGold } = rows[0]!;
  return `${n} synthetic texts (${flags.synthetic}) against ${nGold} gold texts (${flags.gold})`;
}
