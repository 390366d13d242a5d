import { LEVEL } from "../../analysis/comparisons.ts";
import { headlines, largerP, pText } from "../../analysis/headline.ts";
import { type Tier, tierOf, tiers } from "../../analysis/tier.ts";
import { CEILING, type ComparisonRow, FLOOR, type ResultRow } from "../../core/result.ts";
import { arrow, decimalsFor, direction, fixed, signed, slug, whole } from "../format.ts";
import { floorText, intervalText } from "./answer.ts";
import type { MetricInfo, ReportContext } from "./context.ts";
import { modelName } from "./model-name.ts";
import { poolCaveat } from "./pools.ts";

/** A comparison table: the methods of one (dataset, model) under one judge. */
export interface TableView {
  readonly id: string;
  readonly dataset: string;
  readonly model: string;
  /** The encoder's id, or null for the table of metrics that read words only. */
  readonly encoder: string | null;
  /** "judged by embedded:lsa" */
  readonly judge: string;
  /** "n = 400 against 400 of people, 3 repeats" */
  readonly size: string;
  /** Said before the table: that its primary metric ranks shuffled words above some method; null where it does not. */
  readonly remark: string | null;
  readonly columns: readonly ColumnView[];
  /** Whether the column of tests against the best is shown: the table that holds the primary metric. */
  readonly tested: boolean;
  readonly groups: readonly { readonly label: string; readonly rows: readonly TableRow[] }[];
  readonly references: readonly TableRow[];
  readonly notes: readonly { readonly mark: string; readonly text: string }[];
  /** What must be known before its methods are compared. */
  readonly caveats: readonly string[];
}

export interface ColumnView {
  readonly id: string;
  readonly name: string;
  readonly arrow: string;
  readonly direction: string;
  readonly primary: boolean;
}

export interface TableRow {
  readonly method: string;
  /** What a reference row stands for; null for methods. */
  readonly role: string | null;
  /** Real texts its prompts can show; null for references. */
  readonly seen: string | null;
  /** Named by the headline: detectably closer than the next of its tier. */
  readonly closest: boolean;
  readonly cells: readonly CellView[];
  /** Against the best of its tier by the primary metric; null where there is no test. */
  readonly test: string | null;
}

export interface CellView {
  /** null where there is no value. */
  readonly text: string | null;
  readonly interval: string | null;
  /** Letter of a footnote. */
  readonly mark: string | null;
  readonly primary: boolean;
}

/** More metrics than this are split by group (alignment, diversity, honesty), so that a table fits a page. */
const WIDE = 9;

/** All tables of a dataset: for each model one for each encoder, then the metrics that read words only. */
export function tableViews(context: ReportContext, dataset: string): TableView[] {
  return context.models(dataset).flatMap((model) => {
    const judges = [...context.encoders(dataset), null];
    return judges.flatMap((encoder) => {
      const metrics = context.metrics.filter((metric) => hasRows(context, { dataset, model, encoder }, metric));
      return split(metrics).map((part) => tableView(context, { dataset, model, encoder }, part));
    });
  });
}

type Judge = { readonly dataset: string; readonly model: string | null; readonly encoder: string | null };

function hasRows(context: ReportContext, { dataset, model, encoder }: Judge, metric: MetricInfo): boolean {
  return context
    .methods(dataset, model)
    .some((method) => context.row({ dataset, model, method, metric: metric.id, encoder }) !== null);
}

function split(metrics: readonly MetricInfo[]): MetricInfo[][] {
  if (metrics.length <= WIDE) return metrics.length === 0 ? [] : [[...metrics]];
  return (["alignment", "diversity", "honesty"] as const)
    .map((group) => metrics.filter((metric) => metric.group === group))
    .filter((part) => part.length > 0);
}

function tableView(context: ReportContext, judge: Judge, metrics: readonly MetricInfo[]): TableView {
  const { dataset, model, encoder } = judge;
  const methods = context.methods(dataset, model);
  const notes = new Notes();
  const rowOf = (method: string, of: string | null, metric: MetricInfo) =>
    context.row({ dataset, model: of, method, metric: metric.id, encoder });
  const decimals = metrics.map((metric) =>
    decimalsFor([
      ...methods.map((method) => rowOf(method, model, metric)?.value ?? null),
      goldOf(context, judge, metric),
    ]),
  );
  const tested = metrics.includes(context.primary);
  const tests = tested ? testsOf(context, judge) : null;
  const cells = (method: string, of: string | null) =>
    metrics.map((metric, i) => cellView(rowOf(method, of, metric), decimals[i]!, notes, metric === context.primary));
  const line = (method: string): TableRow => ({
    method,
    role: null,
    seen: whole(context.realTextsSeen(dataset, model, method) ?? 0),
    closest: tests?.closest.has(method) ?? false,
    cells: cells(method, model),
    test: tests === null ? null : (tests.against(method, decimals[metrics.indexOf(context.primary)]!) ?? null),
  });
  const groups = tiers
    .map((tier) => ({
      label: tierLabel(tier),
      rows: methods.filter((method) => tierOf(context.realTextsSeen(dataset, model, method) ?? 0) === tier).map(line),
    }))
    .filter(({ rows }) => rows.length > 0);
  const reference = (method: string, role: string): TableRow[] => {
    if (!metrics.some((metric) => rowOf(method, null, metric)?.value != null)) return [];
    // What a reference has no value for needs no footnote: it was never meant to have one.
    const silent = metrics.map((metric, i) =>
      cellView(rowOf(method, null, metric), decimals[i]!, null, metric === context.primary),
    );
    return [{ method, role, seen: null, closest: false, test: null, cells: silent }];
  };
  const golds = metrics.map((metric) => goldOf(context, judge, metric));
  const goldRow: TableRow = {
    method: "gold",
    role: "gold itself (target of \u2192)",
    seen: null,
    closest: false,
    test: null,
    cells: golds.map((gold, i) => ({
      text: gold === null ? "" : fixed(gold, decimals[i]!),
      interval: null,
      mark: null,
      primary: metrics[i] === context.primary,
    })),
  };
  return {
    id: slug("table", dataset, model, encoder ?? "words", metrics[0]?.group ?? ""),
    dataset,
    model: modelName(model, context.remark(model)),
    encoder,
    judge: encoder === null ? "words only, no encoder" : `judged by ${encoder}`,
    size: sizeOf(context, judge, metrics),
    remark: tests === null ? null : tests.remark(decimals[metrics.indexOf(context.primary)]!),
    columns: metrics.map((metric) => ({
      id: metric.id,
      name: metric.name,
      arrow: arrow(metric.better),
      direction: direction(metric.better),
      primary: metric === context.primary,
    })),
    tested,
    groups,
    references: [
      ...reference(CEILING, "other people (ceiling)"),
      ...reference(FLOOR, "people's words in random order (floor)"),
      ...(golds.some((gold) => gold !== null) ? [goldRow] : []),
    ],
    notes: notes.list,
    caveats: [context.caveat(model), poolCaveat(context, dataset, model)].filter((text) => text !== null),
  };
}

/** The tier as tables head its rows. */
export function tierLabel(tier: Tier): string {
  return tier === "real texts" ? "Prompts show real texts" : "Prompts show no real text";
}

function goldOf(context: ReportContext, { dataset, model, encoder }: Judge, metric: MetricInfo): number | null {
  if (metric.better !== "gold") return null;
  for (const method of context.methods(dataset, model)) {
    const gold = context.row({ dataset, model, method, metric: metric.id, encoder })?.gold ?? null;
    if (gold !== null) return gold;
  }
  return null;
}

function sizeOf(context: ReportContext, { dataset, model, encoder }: Judge, metrics: readonly MetricInfo[]): string {
  const rows = context
    .methods(dataset, model)
    .flatMap((method) => metrics.map((metric) => context.row({ dataset, model, method, metric: metric.id, encoder })))
    .filter((row): row is ResultRow => row?.value != null);
  const range = (numbers: readonly number[]) => {
    const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
    return low === high ? whole(low) : `${whole(low)} to ${whole(high)}`;
  };
  if (rows.length === 0) return "no values";
  const repeats = Math.max(...rows.map(({ settings }) => Number(settings.repeats ?? 1)));
  const hold = "these people and the fit held fixed";
  const alone = rows.some(({ ciLow }) => ciLow !== null)
    ? `95 % intervals for shares of texts only, ${hold}`
    : "no intervals";
  const over = repeats === 1 ? `1 repeat, ${alone}` : `mean of ${repeats} repeats with 95 % intervals, ${hold}`;
  return `n = ${range(rows.map(({ n }) => n))} against ${range(rows.map(({ nGold }) => nGold))} of people; ${over}`;
}

function cellView(row: ResultRow | null, decimals: number, notes: Notes | null, primary: boolean): CellView {
  const mark = notes === null || row === null || row.reason === null ? null : notes.mark(row.reason);
  if (row === null || row.value === null) return { text: null, interval: null, mark, primary };
  return { text: fixed(row.value, decimals), interval: intervalText(row, decimals), mark, primary };
}

/** What the tests say of each method of a (dataset, model, encoder). */
function testsOf(context: ReportContext, { dataset, model, encoder }: Judge) {
  const { primary } = context;
  const here = (row: ResultRow) => row.dataset === dataset && row.model === model && row.encoder === encoder;
  const comparisons = context.run.results.comparisons.filter((row) => here(row) && row.metric === primary.id);
  const floor = context.row({ dataset, model: null, method: FLOOR, metric: primary.id, encoder });
  const rows = [...context.rows.filter((row) => here(row) && row !== floor), ...(floor === null ? [] : [floor])];
  const found = headlines(rows, comparisons, primary.id, (...key) => context.realTextsSeen(...key));
  const bests = new Set(comparisons.map(({ method }) => method));
  return {
    remark: (decimals: number) => floorText(found, primary.name, decimals),
    closest: new Set(found.flatMap(({ winner }) => (winner === null ? [] : [winner]))),
    against: (method: string, decimals: number): string | null => {
      const test = comparisons.find(({ baseline }) => baseline === method);
      if (test !== undefined) return testText(test, decimals);
      return bests.has(method) ? "best value" : null;
    },
  };
}

function testText(row: ComparisonRow, decimals: number): string {
  const { difference, pValue, verdict, method } = row;
  if (verdict === "not enough data" || difference === null) return "not enough data";
  const onlyHere = verdict === "no detectable change" && (pValue ?? 1) <= LEVEL;
  const p = onlyHere
    ? `${pText(pValue)} on these people, ${pText(row.populationPValue ?? null)} on others`
    : largerP(row);
  return `${signed(-difference, decimals)} to ${method}, ${p}`;
}

/** Footnotes of a table: equal texts share a letter. */
class Notes {
  readonly #texts: string[] = [];

  mark(text: string): string {
    const known = this.#texts.indexOf(text);
    const index = known < 0 ? this.#texts.push(text) - 1 : known;
    return letter(index);
  }

  get list(): TableView["notes"] {
    return this.#texts.map((text, i) => ({ mark: letter(i), text }));
  }
}

function letter(index: number): string {
  const rest = Math.floor(index / 26);
  return (rest > 0 ? letter(rest - 1) : "") + String.fromCharCode(97 + (index % 26));
}
