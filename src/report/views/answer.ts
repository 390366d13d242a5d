import { floorSentence } from "../../analysis/floor.ts";
import { type Headline, headlineSentence, headlines } from "../../analysis/headline.ts";
import type { Tier } from "../../analysis/tier.ts";
import { CEILING, FLOOR, type ResultRow } from "../../core/result.ts";
import { arrow, decimalsFor, direction, fixed } from "../format.ts";
import type { ReportContext } from "./context.ts";
import { modelName } from "./model-name.ts";

/** The answers of one judge on one dataset. */
export interface AnswerView {
  readonly dataset: string;
  /** "judged by embedded:lsa", or "no encoder" for metrics of words. */
  readonly judge: string;
  readonly metric: string;
  readonly arrow: string;
  readonly direction: string;
  /** "people themselves score 0.050 (ceiling), shuffled words 1.2 (floor)"; null when neither has a value. */
  readonly references: string | null;
  readonly models: readonly ModelAnswer[];
}

export interface ModelAnswer {
  readonly model: string;
  /** Read before the lines: that the metric ranks shuffled words above some method; null where it does not. */
  readonly remark: string | null;
  readonly lines: readonly AnswerLine[];
}

export interface AnswerLine {
  readonly tier: Tier;
  readonly winner: string | null;
  readonly sentence: string;
  /** "mop 0.071 [0.065, 0.077], few-shot 0.080 [...]": nearest first. */
  readonly ranking: readonly { readonly method: string; readonly value: string; readonly interval: string | null }[];
}

/** The report's lead: one answer per dataset, encoder, model and tier, by the rule of analysis/headline.ts. */
export function answerViews(context: ReportContext): AnswerView[] {
  const all = headlines(context.rows, context.run.results.comparisons, context.primary.id, (...key) =>
    context.realTextsSeen(...key),
  );
  const groups = new Map<string, Headline[]>();
  const place = ({ dataset, encoder, model }: Headline) => [
    dataset === null ? -1 : context.datasets.indexOf(dataset),
    dataset === null || encoder === null ? -1 : context.encoders(dataset).indexOf(encoder),
    dataset === null ? -1 : context.models(dataset).indexOf(model),
  ];
  const inOrder = all
    .map((headline) => ({ headline, at: place(headline) }))
    .sort((a, b) => a.at[0]! - b.at[0]! || a.at[1]! - b.at[1]! || a.at[2]! - b.at[2]!);
  for (const { headline } of inOrder) {
    const key = JSON.stringify([headline.dataset, headline.encoder]);
    groups.set(key, [...(groups.get(key) ?? []), headline]);
  }
  return [...groups.values()].map((group) => answerView(group, context));
}

function answerView(group: readonly Headline[], context: ReportContext): AnswerView {
  const { dataset, encoder } = group[0]!;
  const { primary } = context;
  const reference = (method: string) =>
    context.row({ dataset, model: null, method, metric: primary.id, encoder })?.value ?? null;
  const [ceiling, floor] = [reference(CEILING), reference(FLOOR)];
  const decimals = decimalsFor([...group.flatMap(({ ranking }) => ranking.map(({ value }) => value)), ceiling]);
  const references = [
    ...(ceiling === null ? [] : [`other people score ${fixed(ceiling, decimals)} (ceiling)`]),
    ...(floor === null ? [] : [`shuffled words ${fixed(floor, decimals)} (floor)`]),
  ];
  return {
    dataset: dataset ?? "no dataset named",
    judge: encoder === null ? "words only, no encoder" : `judged by ${encoder}`,
    metric: primary.name,
    arrow: arrow(primary.better),
    direction: direction(primary.better),
    references: references.length === 0 ? null : references.join(", "),
    models: [...new Set(group.map(({ model }) => model))].map((model) => {
      const own = group.filter((headline) => headline.model === model);
      return {
        model: modelName(model, context.remark(model)),
        remark: floorText(own, primary.name, decimals),
        lines: own.map((headline) => answerLine(headline, decimals)),
      };
    }),
  };
}

/** What is said of the floor before anything else; null where it is worse than every method of these headlines. */
export function floorText(headlines: readonly Headline[], metric: string, decimals: number): string | null {
  const remark = headlines.find(({ floor }) => floor !== null)?.floor ?? null;
  return remark && floorSentence(remark, metric, (value) => fixed(value, decimals));
}

function answerLine(headline: Headline, decimals: number): AnswerLine {
  return {
    tier: headline.tier,
    winner: headline.winner,
    // A p-value is not torn apart at the end of a line.
    sentence: headlineSentence(headline).replace(/p ([=<]) /g, "p\u00a0$1\u00a0"),
    ranking: headline.ranking.map((row) => ({
      method: row.method,
      value: fixed(row.value!, decimals),
      interval: intervalText(row, decimals),
    })),
  };
}

/** `[0.065, 0.077]`, or null. */
export function intervalText(row: Pick<ResultRow, "ciLow" | "ciHigh">, decimals: number): string | null {
  if (row.ciLow === null || row.ciHigh === null) return null;
  return `[${fixed(row.ciLow, decimals)}, ${fixed(row.ciHigh, decimals)}]`;
}
