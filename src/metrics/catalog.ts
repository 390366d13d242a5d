import { optionRows } from "../config/option-rows.ts";
import type { Registry } from "../core/registry.ts";
import { markdownTable } from "../text/markdown-table.ts";
import { evidenceLabel } from "./evidence.ts";
import type { MetricDefinition, MetricNeeds } from "./metric.ts";

const INTRODUCTION = `# The metrics

Made from the registry (src/metrics/registry.ts) by src/metrics/catalog.ts; its test keeps this page current. p is gold, q the synthetic set.
What each metric sees and misses, in numbers: metrics-sense.md.

- Every metric sees whole sets. Values at different n, encoders or settings are not comparable; the settings stand beside each value.
- *Better* \`gold\` means that the target is the gold set's own value, as for all measures of diversity: people repeat themselves too. For c2st it is chance.
- Options stand with the metric, in a config and in \`mopbench score --metrics\`: \`[fid, {mauve: {seed: 3}, as: mauve-3}]\`. Without \`as\` the id stays, and
  a group leaves out what the list names itself. [The options of each](#options) are below; the settings beside each value say which it had.
- *Floor* says whether gold's words in random order are scored as a lower reference.
- Metrics of words cut texts at white space, as Python's \`str.split()\` and the reference packages do. With \`tokenizer: words\` in the config, or
  \`--tokenizer words\` in \`mopbench score\`, they count Unicode's words (UAX #29, letters and digits only; Chinese, Japanese, Thai, Lao, Khmer and Burmese
  by ICU's dictionaries), all of them: lengths, n-grams, copies, and homogenization, which then reads lower-cased words of any script. The settings
  name the tokenizer and the version of ICU (\`icu\`), which Node brings: values by different versions are not comparable. duplicate-rate and
  compression read the text itself. Texts without spaces between words under the default tokenizer are warned of.
- What the input cannot give is \`null\` with the reason, never NaN. Rows of embeddings that hold NaN or infinities or are all zeros are counted and
  leave the metric without a value (most references pass them on in silence). So do gold's where all are the same row although the texts differ: an
  encoder that tells nothing apart. Sides encoded in different widths are an error.
- KL and JS cosine, MMD, KID, precision, recall, density and coverage come from one pass over all pairs of rows, of which gold's part is done
  once for all synthetic sets. Up to about 4e9 multiply-adds products are summed in float64; beyond, in float32 about gold's mean, and every comparison or
  bin edge that rounding could decide is decided again in float64, so counts, radii and the median are the same, and kernel means agree to about 1e-9.
`;

const GROUPS: Readonly<Record<MetricDefinition["group"], string>> = {
  alignment: "Alignment: is it like gold?",
  diversity: "Diversity: how varied is it?",
  honesty: "Honesty: is it copied, repeated, or only longer?",
};

const OPTIONS = "Metrics that are not listed have none. Each option stands in the settings beside the metric's value.";

const COLUMNS = [
  "id",
  "name",
  "meaning",
  "better",
  "range",
  "needs",
  "floor",
  "source",
  "defaults",
  "edge cases",
  "not copied from the reference",
] as const;

/** docs/metrics.md: one row a metric, by group, in the registry's order. */
export function metricsPage(metrics: Registry<MetricDefinition>): string {
  const every = metrics.names.map((name) => metrics.get(name));
  const tables = Object.entries(GROUPS).map(([group, title]) => {
    const rows = every.filter((metric) => metric.group === group).map((metric) => rowOf(metric));
    return `## ${title}\n\n${markdownTable(COLUMNS, rows)}`;
  });
  const options = every.flatMap((metric) => optionRows(metric.options).map((row) => [`\`${metric.id}\``, ...row]));
  const head = ["id", "option", "default", ""];
  return [INTRODUCTION, ...tables, `## Options\n\n${OPTIONS}\n\n${markdownTable(head, options)}`].join("\n");
}

function rowOf(metric: MetricDefinition): string[] {
  return [
    `\`${metric.id}\``,
    metric.name,
    metric.meaning,
    metric.better,
    metric.range.map(bound).join(" to "),
    needs(metric.needs),
    metric.floor ? "yes" : "no",
    metric.source,
    metric.notes.defaults,
    metric.notes.edges,
    metric.notes.notCopied,
  ];
}

function bound(x: number): string {
  if (x === Math.LN2) return "ln 2";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  return String(x);
}

function needs({ texts, embeddings, labels, evidence = [] }: MetricNeeds): string {
  const columns = Object.entries({ texts, embeddings, labels }).flatMap(([name, needed]) => (needed ? [name] : []));
  return [...columns, ...evidence.map(evidenceLabel)].join(", ");
}
