import type { TopLevelSpec } from "vega-lite";
import { curveChart } from "../charts/curve-chart.ts";
import { arrow, direction, whole } from "../format.ts";
import { type AnswerView, answerViews } from "./answer.ts";
import { type ChartGroupView, chartGroups } from "./charts.ts";
import type { ReportContext } from "./context.ts";
import { type MapView, mapViews } from "./maps.ts";
import { modelName } from "./model-name.ts";
import { type SamplesView, samplesViews } from "./samples.ts";
import { type SettingsView, settingsView } from "./settings.ts";
import { type TableView, tableViews } from "./table.ts";

/** Everything a template shows, as texts. */
export interface ReportView {
  readonly title: string;
  /** "townsquare; 2 models; 5 methods; 400 samples a cell; 3 repeats" */
  readonly subtitle: string;
  /** What must be known before a number is read: a limited run, one that failed or is not finished. */
  readonly banners: readonly string[];
  /** Names of toy models in the run; null when there are none. */
  readonly toys: string | null;
  readonly primary: { readonly id: string; readonly name: string; readonly meaning: string };
  readonly answers: readonly AnswerView[];
  readonly datasets: readonly DatasetView[];
  readonly curves: readonly { readonly title: string; readonly spec: TopLevelSpec }[];
  readonly metrics: readonly {
    readonly id: string;
    readonly name: string;
    readonly arrow: string;
    readonly direction: string;
    readonly meaning: string;
    readonly source: string;
  }[];
  readonly settings: SettingsView;
}

export interface DatasetView {
  readonly id: string;
  readonly title: string;
  readonly tables: readonly TableView[];
  readonly charts: readonly ChartGroupView[];
  readonly maps: readonly MapView[];
  readonly samples: readonly SamplesView[];
}

/** The report of a run as plain data: pure, so that every rendering says the same. */
export function reportView(context: ReportContext, toYaml: (value: unknown) => string): ReportView {
  const { manifest, curves } = context.run;
  const toys = manifest.models.filter(({ remark }) => remark === "toy").map(({ id }) => id);
  return {
    title: manifest.name,
    subtitle: subtitle(context),
    banners: banners(context),
    toys: toys.length === 0 ? null : toys.join(" and "),
    primary: context.primary,
    answers: answerViews(context),
    datasets: context.datasets.map((id) => ({
      id,
      title: manifest.datasets.find((dataset) => dataset.id === id)?.title ?? id,
      tables: tableViews(context, id),
      charts: chartGroups(context, id),
      maps: mapViews(context, id),
      samples: samplesViews(context, id),
    })),
    curves: curves.map(({ dataset, model, method, points }) => {
      const title = `${method} on ${modelName(model, context.remark(model))}, ${dataset}`;
      return { title, spec: curveChart(`Training curve of ${title}.`, points) };
    }),
    metrics: context.metrics.map((metric) => ({
      id: metric.id,
      name: metric.name,
      arrow: arrow(metric.better),
      direction: direction(metric.better),
      meaning: metric.meaning,
      source: metric.source,
    })),
    settings: settingsView(context, toYaml),
  };
}

function subtitle(context: ReportContext): string {
  const { manifest } = context.run;
  const { samples, repeats } = manifest.config;
  const counted = (n: number, one: string, many: string) => `${whole(n)} ${n === 1 ? one : many}`;
  return [
    context.datasets.join(", "),
    counted(manifest.models.length, "model", "models"),
    counted(manifest.methods.length, "method", "methods"),
    ...(typeof samples === "number" ? [`${counted(samples, "sample", "samples")} a cell`] : []),
    ...(typeof repeats === "number" ? [counted(repeats, "repeat", "repeats")] : []),
  ].join("; ");
}

/** What must be known before a number is read. */
export function banners(context: ReportContext): string[] {
  const { limited, exit } = context.run.manifest;
  const cuts = [
    ...(limited?.samples == null ? [] : [`only ${whole(limited.samples)} samples a cell (--limit)`]),
    ...(limited?.only == null ? [] : [`only ${limited.only} (--only)`]),
  ];
  return [
    ...(limited === null ? [] : [`This is a limited run: ${cuts.join("; ")}. Its numbers are no result.`]),
    ...(exit === null || exit === 0 ? [] : [`The run ended early with exit code ${exit}: some cells may be missing.`]),
  ];
}
