import { groupKey } from "../../analysis/frames/result-frame.ts";
import type { RunManifest } from "../../analysis/run-manifest.ts";
import { type Better, CEILING, FLOOR, type ResultRow } from "../../core/result.ts";
import type { MetricDescription } from "../../metrics/describe.ts";
import type { RunData } from "../run-data.ts";
import { shownRun } from "../shown-run.ts";

/** What a table says of a metric, in its own words. */
export type MetricInfo = MetricDescription & {
  readonly judged: boolean;
};

/** A run with what every view looks up in it. */
export class ReportContext {
  /** As reports show it: texts printable and shortened. */
  readonly run: RunData;
  /** As it was read: for formats that are data. */
  readonly whole: RunData;
  /** Rows over repeats. */
  readonly rows: readonly ResultRow[];
  readonly primary: MetricInfo;
  /** Metrics with rows: the primary one, then in the order of the config, then those added. */
  readonly metrics: readonly MetricInfo[];
  readonly #byKey: ReadonlyMap<string, ResultRow>;
  readonly #fits = new Map<string, RunManifest["methods"][number]["fits"][number]>();

  constructor(whole: RunData) {
    const run = shownRun(whole);
    this.whole = whole;
    this.run = run;
    this.rows = run.results.rows.filter((row) => row.repeat === null);
    this.#byKey = new Map(this.rows.map((row) => [groupKey(row), row]));
    const { primary, metrics: asked } = run.manifest.config;
    const known = [primary, ...(Array.isArray(asked) ? asked : [])].filter((id) => typeof id === "string");
    const described = new Map((run.manifest.metrics ?? []).map((metric) => [metric.id, metric]));
    const ids = ordered(new Set(this.rows.map((row) => row.metric)), [...new Set(known)]);
    this.metrics = ids.map((id) => this.#info(id, described.get(id)));
    const found = this.metrics.find((metric) => metric.id === primary) ?? this.metrics[0];
    this.primary = found ?? this.#info(String(primary ?? "none"), undefined);
    for (const method of run.manifest.methods) {
      for (const fit of method.fits) this.#fits.set(JSON.stringify([fit.dataset, fit.model, method.id]), fit);
    }
  }

  #info(id: string, metric: MetricDescription | undefined): MetricInfo {
    const of = this.rows.filter((row) => row.metric === id);
    const better: Better = metric?.better ?? of[0]?.better ?? "lower";
    return {
      id,
      name: (metric?.name ?? id).replaceAll(" = ", "\u00a0=\u00a0"),
      meaning: metric?.meaning ?? "",
      group: metric?.group ?? "alignment",
      better,
      range: metric?.range ?? [null, null],
      source: metric?.source ?? "",
      judged: of.some((row) => row.encoder !== null),
    };
  }

  /** The row over repeats, or null. */
  row(key: Pick<ResultRow, "dataset" | "model" | "method" | "metric" | "encoder">): ResultRow | null {
    return this.#byKey.get(groupKey(key)) ?? null;
  }

  fit(dataset: string | null, model: string | null, method: string) {
    return this.#fits.get(JSON.stringify([dataset, model, method])) ?? null;
  }

  /** null for references. Methods whose fit the manifest does not hold count as showing no real text. */
  realTextsSeen(dataset: string | null, model: string | null, method: string): number | null {
    if (method === CEILING || method === FLOOR) return null;
    return this.fit(dataset, model, method)?.realTextsSeen ?? 0;
  }

  /** "toy" for embedded models; null for others and for texts made elsewhere. */
  remark(model: string | null): string | null {
    return this.run.manifest.models.find(({ id }) => id === model)?.remark ?? null;
  }

  /** What must be said beside every table of a model; null where there is nothing. */
  caveat(model: string | null): string | null {
    return this.run.manifest.models.find(({ id }) => id === model)?.caveat ?? null;
  }

  /** Datasets in the order of the manifest. */
  get datasets(): readonly string[] {
    const found = new Set(this.rows.flatMap(({ dataset }) => (dataset === null ? [] : [dataset])));
    return ordered(
      found,
      this.run.manifest.datasets.map(({ id }) => id),
    );
  }

  /** Models with methods on a dataset, in the order of the manifest; null stands for texts that name none. */
  models(dataset: string): readonly (string | null)[] {
    const found = new Set(this.#methodRows(dataset).map(({ model }) => model));
    return ordered(
      found,
      this.run.manifest.models.map(({ id }) => id),
    );
  }

  /** Methods of a (dataset, model), in the order of the manifest. */
  methods(dataset: string, model: string | null): readonly string[] {
    const found = new Set(
      this.#methodRows(dataset)
        .filter((row) => row.model === model)
        .map(({ method }) => method),
    );
    return ordered(
      found,
      this.run.manifest.methods.map(({ id }) => id),
    );
  }

  /** Encoders that judge on a dataset, in the order of the manifest. */
  encoders(dataset: string): readonly string[] {
    const found = new Set(
      this.rows.flatMap((row) => (row.dataset === dataset && row.encoder !== null ? [row.encoder] : [])),
    );
    return ordered(
      found,
      this.run.manifest.encoders.map(({ id }) => id),
    );
  }

  #methodRows(dataset: string): ResultRow[] {
    return this.rows.filter((row) => row.dataset === dataset && row.method !== CEILING && row.method !== FLOOR);
  }
}

/** The found names in the known order; the unknown ones follow as found. */
function ordered<T>(found: ReadonlySet<T>, known: readonly T[]): T[] {
  return [...known.filter((name) => found.has(name)), ...[...found].filter((name) => !known.includes(name))];
}
