import { Stream } from "../../src/core/stream.ts";
import { townsquareDataset } from "../../src/embedded/townsquare/townsquare.ts";
import { embedded } from "../../src/encoders/embedded.ts";
import type { Encoder } from "../../src/encoders/encoder.ts";
import { evaluate } from "../../src/metrics/evaluate.ts";
import { evidenceOf } from "../../src/metrics/evidence.ts";
import type { Metric } from "../../src/metrics/metric.ts";
import { SampleSet } from "../../src/metrics/sample-set.ts";
import { selectMetrics } from "../../src/metrics/select.ts";
import { type Damage, damages, type Note, type Spares } from "./damage.ts";

/** How a metric moves under one damage. */
export interface Shift {
  /** Mean over the damaged sets; null where the metric has no value. */
  readonly value: number | null;
  /** (value - honest mean) / spread of honest draws; infinite where honest draws do not differ and this one does. */
  readonly z: number;
  /** Whether the metric calls the damaged set better than honest ones, by three spreads or more. */
  readonly praised: boolean;
}

/** One row of the table. */
export interface Sensed {
  readonly metric: Metric;
  readonly honest: number;
  readonly spread: number;
  /** By damage id. */
  readonly shifts: ReadonlyMap<string, Shift>;
}

/** How much is measured. */
export interface SenseOptions {
  /** Texts in every set. */
  readonly n: number;
  /** Honest draws, which give the spread. */
  readonly draws: number;
  /** How many of them each damage is done to. */
  readonly damaged: number;
  /** Ids or groups of metrics; absent: all that sets of texts can have. */
  readonly metrics?: readonly string[];
  /** Leaves out metrics that need no embeddings: another encoder does not change them. */
  readonly onlyEmbeddings?: boolean;
}

/** What docs/metrics-sense.md shows. */
export const PAGE_OPTIONS: SenseOptions = { n: 500, draws: 8, damaged: 2 };

/** owner-tv needs a method and label-js a classifier's labels; the others are short names of ids in the table. */
const LEFT_OUT = new Set(["owner-tv", "label-js", "self-bleu", "distinct", "entropy"]);
/** The damage done to embeddings instead of texts. */
export const ELSEWHERE = "elsewhere";
/** From here on a damage counts as seen: three spreads. */
export const SEEN = 3;

/** The town's notes, in one random order. */
interface Town {
  readonly gold: readonly Note[];
  readonly draws: readonly (readonly Note[])[];
  readonly spares: Spares;
  readonly encoder: Encoder;
}

/** `makeEncoder` gets the texts that embedded:lsa may learn from; they are in no set. */
export async function senseTown(
  options: SenseOptions,
  makeEncoder: (background: readonly string[]) => Promise<Encoder> = lsa,
): Promise<Sensed[]> {
  const town = await openTown(options, makeEncoder);
  const metrics = selectMetrics(options.metrics ?? ["all"]).filter(
    ({ id, needs }) => !LEFT_OUT.has(id) && (options.onlyEmbeddings !== true || needs.embeddings === true),
  );
  const gold = await setOf(town.gold.map(textOf), town.encoder);
  const score = (set: SampleSet) => scores(metrics, set, gold, town.spares.exemplars);

  const honestSets = await Promise.all(town.draws.map((notes) => setOf(notes.map(textOf), town.encoder)));
  const honest: (readonly (number | null)[])[] = [];
  for (const set of honestSets) honest.push(await score(set));

  const found = new Map<string, (readonly (number | null)[])[]>();
  for (const damage of damages) {
    const rows: (readonly (number | null)[])[] = [];
    for (const [d, notes] of town.draws.slice(0, options.damaged).entries())
      rows.push(await score(await setOf(damagedTexts(damage, notes, town.spares, d), town.encoder)));
    found.set(damage.id, rows);
  }
  const moved: (readonly (number | null)[])[] = [];
  for (const set of honestSets.slice(0, options.damaged)) moved.push(await score(negated(set)));
  found.set(ELSEWHERE, moved);
  await town.encoder.close?.();

  return metrics.map((metric, m) => {
    const column = (rows: readonly (readonly (number | null)[])[]) => rows.map((values) => values[m] ?? null);
    return sensed(metric, column(honest), new Map([...found].map(([id, rows]) => [id, column(rows)])));
  });
}

function damagedTexts(damage: Damage, notes: readonly Note[], spares: Spares, draw: number): string[] {
  return damage.apply(notes, spares, Stream.root(0).derive("sense", damage.id, draw));
}

async function openTown(
  { n, draws }: SenseOptions,
  makeEncoder: (b: readonly string[]) => Promise<Encoder>,
): Promise<Town> {
  const spare = 2000;
  const environment = { id: "townsquare", env: {}, baseDir: ".", offline: true, cacheDir: "" };
  const size = Math.max(12_600, Math.ceil((n * (draws + 2) + 2 * spare) * 1.01));
  const { parts } = await townsquareDataset.bind({ records: size }).create(environment);
  const records = [...parts.gold, ...parts.reserve, ...parts.train, ...parts.background];
  const order = Stream.root(0).derive("sense", "town").permutation(records.length);
  const notes = Array.from(order, (i): Note => {
    const { text, context } = records[i]!;
    return { text, topic: context.text.split(",")[0]! };
  });
  const take = (count: number) => notes.splice(0, count);
  const gold = take(n);
  const sets = Array.from({ length: draws }, () => take(n));
  const exemplars = take(n).map(textOf);
  const background = take(spare).map(textOf);
  const spares = { notes: take(spare), exemplars, gold: gold.map(textOf) };
  return { gold, draws: sets, spares, encoder: await makeEncoder(background) };
}

function lsa(background: readonly string[]): Promise<Encoder> {
  const records = background.map((text, i) => ({ id: String(i), context: { text: "", label: null }, text }));
  const environment = { id: "embedded:lsa", background: records, env: {}, baseDir: ".", offline: true, storeDir: null };
  return embedded.bind({ name: "lsa" }).create(environment);
}

const textOf = (note: Note) => note.text;

async function setOf(texts: readonly string[], encoder: Encoder): Promise<SampleSet> {
  return new SampleSet({ texts, embeddings: await encoder.encode(texts) });
}

async function scores(
  metrics: readonly Metric[],
  synthetic: SampleSet,
  gold: SampleSet,
  exemplars: readonly string[],
): Promise<(number | null)[]> {
  const input = {
    synthetic,
    gold,
    evidence: evidenceOf({ exemplars: () => exemplars }),
  };
  const found = await evaluate(metrics, input, Stream.root(0).derive("sense"));
  return found.map(({ value }) => value.value);
}

/**
 * The same texts, their embeddings negated: every cosine inside the set is as before, but the set lies elsewhere, as texts of
 * another domain do.
 */
function negated({ texts, embeddings }: SampleSet): SampleSet {
  const { data, rows, cols } = embeddings!;
  return new SampleSet({ texts, embeddings: { data: data.map((x) => -x), rows, cols } });
}

function sensed(
  metric: Metric,
  honest: readonly (number | null)[],
  damaged: ReadonlyMap<string, readonly (number | null)[]>,
): Sensed {
  const values = honest.filter((value) => value !== null);
  const center = mean(values);
  const spread = Math.sqrt(values.reduce((sum, x) => sum + (x - center) ** 2, 0) / (values.length - 1));
  const shifts = [...damaged].map(([id, all]): [string, Shift] => {
    const present = all.filter((value) => value !== null);
    if (present.length < all.length) return [id, { value: null, z: Number.NaN, praised: false }];
    const value = mean(present);
    const z = value === center ? 0 : (value - center) / spread;
    const praised = (metric.better === "higher" && z >= SEEN) || (metric.better === "lower" && z <= -SEEN);
    return [id, { value, z, praised }];
  });
  return { metric, honest: center, spread, shifts: new Map(shifts) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
