import { homedir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { MOST_SUBSAMPLES } from "../config/most-subsamples.ts";
import { resolveList } from "../config/named.ts";
import { ConfigSource } from "../config/source.ts";
import { CallError, InputError, InterruptedError } from "../core/errors.ts";
import { unknownName } from "../core/registry.ts";
import type { ResultRow } from "../core/result.ts";
import type { Encoder } from "../encoders/encoder.ts";
import type { Metric } from "../metrics/metric.ts";
import { resolveMetrics } from "../metrics/resolve.ts";
import type { Registries } from "../plugins/compose.ts";
import { loadRegistries } from "../plugins/load-registries.ts";
import { defaultCacheDir } from "../run/services.ts";
import { type SetsToScore, scoreSets } from "../scoring/score-sets.ts";
import { TOKENIZERS, type TokenizerName, tokenizerNamed } from "../text/tokenizer.ts";
import { checkOptions, checkTexts, flag, named, seed, shared } from "./check-options.ts";
import type { ExperimentOptions } from "./prepare.ts";

/** What is computed, and by which judges. Every member may be left out. */
export interface ScoreOptions extends Pick<ExperimentOptions, "plugins" | "signal" | "env" | "cwd" | "offline"> {
  /** Metrics as a config names them: ids, groups, `{ mauve: { seed: 3 } }`. @default ["all"] */
  readonly metrics?: readonly (string | { readonly [id: string]: unknown })[] | undefined;
  /** Encoders as a config names them, or encoders; one that learns from texts learns from the gold ones. @default ["embedded:lsa"] */
  readonly encoders?: readonly (string | { readonly [name: string]: unknown } | Encoder)[] | undefined;
  /** Random subsamples for 95 % intervals, of sets of 200 texts and more; at least 20 are advised, at most 10,000 allowed. @default 0: no intervals */
  readonly subsamples?: number | undefined;
  /** Of projections, folds and subsamples. @default 0 */
  readonly seed?: number | undefined;
  /** What metrics of words count. @default "whitespace" */
  readonly tokenizer?: TokenizerName | undefined;
  /** Score sets of unequal size; set metrics are biased by size. @default false */
  readonly allowUnequal?: boolean | undefined;
}

const schema = z.strictObject({
  ...shared,
  metrics: z.array(named).min(1).optional(),
  encoders: z.array(named).optional(),
  subsamples: z.int().min(0).max(MOST_SUBSAMPLES).optional(),
  seed,
  tokenizer: z.enum(TOKENIZERS).optional(),
  allowUnequal: flag,
} satisfies Record<keyof ScoreOptions, z.ZodType>);

/**
 * Scores texts against those of real people: the numbers that `mopbench score` and a run give for the same texts.
 * @returns one row a metric, metrics of embeddings one for each encoder; `method` is `synthetic`
 * @throws InputError for unknown names, wrong options, sets without texts or of unequal size; InterruptedError
 * @example
 * const rows = await score({ gold: people, synthetic: answers }, { metrics: ["fid", "self-bleu"] });
 */
export async function score(sets: SetsToScore, options: ScoreOptions = {}): Promise<readonly ResultRow[]> {
  checkOptions("score", schema, options);
  checkSets(sets);
  const { env = process.env, cwd = process.cwd(), metrics = ["all"], encoders = ["embedded:lsa"] } = options;
  const { registries } = await loadRegistries((options.plugins ?? []).map((spec) => ({ spec, baseDir: cwd })));
  const chosen = await metricsOf(metrics, registries, env);
  const needed = chosen.some(({ needs }) => needs.embeddings) ? encoders : [];
  const { signal } = options;
  const opened = await openEncoders(needed, registries, sets, { ...options, env, cwd }).catch(interrupted(signal));
  try {
    const { seed, subsamples, allowUnequal, tokenizer = "whitespace" } = options;
    const scoring = { seed, subsamples, signal, allowUnequal, tokenizer: tokenizerNamed(tokenizer) };
    return await scoreSets(sets, { ...scoring, metrics: chosen, encoders: opened.map(({ encoder }) => encoder) });
  } catch (error) {
    return interrupted(signal)(error);
  } finally {
    for (const { encoder, own } of opened) if (own) await encoder.close?.();
  }
}

/** Throws on what was thrown, a canceled call as an interruption where the user asked to stop. */
function interrupted(signal: AbortSignal | undefined): (error: unknown) => never {
  return (error) => {
    throw signal?.aborted && error instanceof CallError ? new InterruptedError("Stopped.", { cause: error }) : error;
  };
}

function checkSets(sets: SetsToScore): void {
  if (typeof sets !== "object" || sets === null)
    throw new InputError("score: what is scored must be an object: { gold, synthetic, exemplars }.");
  const known = ["gold", "synthetic", "exemplars"];
  for (const name of Object.keys(sets))
    if (!known.includes(name)) throw new InputError(`score: ${unknownName("set of texts", name, known)}`);
  checkTexts("score", "gold", sets.gold, { records: true });
  checkTexts("score", "synthetic", sets.synthetic, { records: true });
  if (sets.exemplars !== undefined) checkTexts("score", "exemplars", sets.exemplars, { records: false });
}

async function metricsOf(
  metrics: NonNullable<ScoreOptions["metrics"]>,
  registries: Registries,
  env: NonNullable<ScoreOptions["env"]>,
): Promise<readonly Metric[]> {
  const source = new ConfigSource("metrics", JSON.stringify(metrics), env);
  const { asked, everywhere } = await resolveMetrics(source, registries.metrics, metrics, []);
  return [...asked, ...everywhere];
}

/** `own`: opened here, to be closed here. */
async function openEncoders(
  encoders: NonNullable<ScoreOptions["encoders"]>,
  registries: Registries,
  { gold }: SetsToScore,
  {
    env,
    cwd,
    offline = false,
    signal,
  }: ScoreOptions & { readonly env: NonNullable<ScoreOptions["env"]>; readonly cwd: string },
): Promise<{ readonly encoder: Encoder; readonly own: boolean }[]> {
  const background = gold.map((one, i) => ({
    id: String(i),
    context: { text: "", label: null },
    text: typeof one === "string" ? one : one.text,
  }));
  const storeDir = path.join(defaultCacheDir(env, homedir()), "embeddings");
  const opened: { readonly encoder: Encoder; readonly own: boolean }[] = [];
  const ids = new Set<string>();
  const take = (id: string) => {
    if (ids.has(id))
      throw new InputError(`score: two encoders have the id \`${id}\`; give each once, or an id \`as\`.`);
    ids.add(id);
  };
  try {
    for (const one of encoders) {
      if (isEncoder(one)) {
        take(one.id);
        opened.push({ encoder: one, own: false });
        continue;
      }
      const source = new ConfigSource("encoders", JSON.stringify([one]), env);
      for (const { id, bound } of await resolveList(source, registries.encoders, [one], [])) {
        take(id);
        const environment = { id, background, env, baseDir: cwd, offline, storeDir, signal };
        opened.push({ encoder: await bound.create(environment), own: true });
      }
    }
  } catch (error) {
    for (const { encoder, own } of opened) if (own) await encoder.close?.();
    throw error;
  }
  return opened;
}

function isEncoder(one: NonNullable<ScoreOptions["encoders"]>[number]): one is Encoder {
  return typeof one === "object" && "encode" in one && typeof one.encode === "function";
}
