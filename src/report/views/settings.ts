import type { Json } from "../../core/hash.ts";
import { duration, percent, whole } from "../format.ts";
import type { ReportContext } from "./context.ts";
import { modelName } from "./model-name.ts";

export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** What stands at the end of a report: how to trust the run and how to repeat it. */
export interface SettingsView {
  readonly facts: readonly Fact[];
  readonly parts: readonly {
    readonly dataset: string;
    readonly part: string;
    readonly n: string;
    readonly checksum: string;
  }[];
  readonly fits: readonly {
    readonly dataset: string;
    readonly model: string;
    readonly method: string;
    readonly seen: string;
    readonly summary: string;
  }[];
  /** Whether the rows of `calls` say how many calls a text is made of: where some have not one each. */
  readonly callsPerText: boolean;
  /** How the answers of each (dataset, model, method) were come by; empty where all were plainly asked, once for each text. */
  readonly calls: readonly {
    readonly dataset: string;
    readonly model: string;
    readonly method: string;
    readonly asked: string;
    readonly retried: string;
    readonly cached: string;
    readonly oldest: string;
    readonly reasoned: string;
    readonly failed: string;
    readonly perText: string;
  }[];
  readonly seconds: readonly Fact[];
  readonly warnings: readonly string[];
  /** Models, encoders and host as run.json describes them. */
  readonly descriptions: readonly { readonly name: string; readonly facts: readonly Fact[] }[];
  /** The resolved config as YAML. */
  readonly config: string;
}

/** @param toYaml how the resolved config is written. */
export function settingsView(context: ReportContext, toYaml: (value: unknown) => string): SettingsView {
  const { manifest } = context.run;
  return {
    facts: runFacts(context),
    parts: manifest.datasets.flatMap((dataset) =>
      Object.entries(dataset.parts).map(([part, { n, checksum }]) => ({
        dataset: `${dataset.id}: ${dataset.title}, license ${dataset.license}`,
        part,
        n: whole(n),
        checksum: checksum.slice(0, 16),
      })),
    ),
    fits: manifest.methods.flatMap((method) =>
      method.fits.map((fit) => ({
        dataset: fit.dataset,
        model: modelName(fit.model, context.remark(fit.model)),
        method: method.id,
        seen: whole(fit.realTextsSeen),
        summary: fit.summary,
      })),
    ),
    callsPerText: manifest.cells.some(({ callsPerText }) => callsPerText !== undefined),
    calls: callRows(context),
    seconds: Object.entries(manifest.seconds).map(([name, seconds]) => ({ name, value: duration(seconds) })),
    warnings: [...manifest.warnings, ...context.run.leftOut],
    descriptions: [
      ...manifest.models.flatMap((model) => described(modelName(model.id, model.remark), model.description)),
      ...manifest.encoders.flatMap((encoder) => described(encoder.id, encoder.description)),
      { name: "host", facts: flat(manifest.host) },
    ],
    config: toYaml(manifest.config),
  };
}

function callRows(context: ReportContext): SettingsView["calls"] {
  const { cells } = context.run.manifest;
  const groups = new Map<string, (typeof cells)[number][]>();
  for (const cell of cells) {
    const key = JSON.stringify([cell.dataset, cell.model, cell.method]);
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups.values()].flatMap((repeats) => {
    // Runs of earlier versions did not count reasoning.
    const sum = (of: "asked" | "retried" | "cached" | "reasoned" | "failed") =>
      repeats.reduce((total, cell) => total + (cell[of] ?? 0), 0);
    const [asked, retried, cached, reasoned, failed] = [
      sum("asked"),
      sum("retried"),
      sum("cached"),
      sum("reasoned"),
      sum("failed"),
    ];
    const { dataset, model, method } = repeats[0]!;
    const oldest = repeats.flatMap(({ oldestCachedAt }) => oldestCachedAt ?? []).sort()[0] ?? "";
    const shares = {
      retried: percent(retried / asked),
      cached: percent(cached / asked),
      reasoned: percent(reasoned / asked),
      failed: percent(failed / asked),
    };
    const row = {
      dataset,
      model: modelName(model, context.remark(model)),
      method,
      asked: whole(asked),
      oldest,
      ...shares,
      perText: perText(repeats),
    };
    const plain = repeats.every(({ callsPerText }) => callsPerText === undefined);
    return plain && retried + cached + reasoned + failed === 0 ? [] : [row];
  });
}

/** Calls a text, on average over the repeats' texts. */
function perText(repeats: ReportContext["run"]["manifest"]["cells"]): string {
  let [calls, texts] = [0, 0];
  for (const repeat of repeats) {
    calls += repeat.calls ?? 0;
    texts += (repeat.calls ?? 0) / (repeat.callsPerText || 1);
  }
  return calls === 0 ? "1" : String(Number((calls / texts).toFixed(2)));
}

function runFacts(context: ReportContext): Fact[] {
  const { manifest } = context.run;
  const { calls } = manifest;
  const { chosen = 0 } = calls; // absent in earlier versions' manifests
  const all = calls.generated + calls.scored + chosen + calls.cached;
  const fact = (name: string, value: string | null): Fact[] => (value === null ? [] : [{ name, value }]);
  return [
    ...fact("mopbench", manifest.version),
    ...fact("seed", String(manifest.seed)),
    ...fact("config hash", manifest.configHash.slice(0, 16)),
    ...fact("started", manifest.startedAt),
    ...fact("finished", manifest.finishedAt),
    ...fact("answers generated", whole(calls.generated)),
    ...fact("texts scored", whole(calls.scored)),
    ...fact("options chosen", chosen === 0 ? null : whole(chosen)),
    ...fact("answered from the cache", all === 0 ? null : `${percent(calls.cached / all)} (${whole(calls.cached)})`),
    ...fact("oldest cached answer", calls.oldestCachedAt),
    ...fact("retries", whole(calls.retries)),
    ...fact("failed calls", whole(calls.errors)),
    ...fact("tokens in", calls.tokensIn === null ? "unknown" : whole(calls.tokensIn)),
    ...fact("tokens out", calls.tokensOut === null ? "unknown" : whole(calls.tokensOut)),
    ...fact("cost", calls.usd === null ? "unknown" : `${calls.usd.toFixed(2)} USD`),
    ...manifest.models.flatMap(({ id, adapted }) => fact(`${id}, asked otherwise`, adapted?.join("; ") ?? null)),
    ...fact("personal data replaced", manifest.config.redact === undefined ? null : whole(calls.redacted)),
  ];
}

function described(name: string, description: { readonly [dataset: string]: Json }) {
  return Object.entries(description).map(([dataset, value]) => ({
    name: `${name} on ${dataset}`,
    facts: flat(value),
  }));
}

/** A JSON object as lines of `path.to.member: value`. */
function flat(value: Json, path = ""): Fact[] {
  if (Array.isArray(value) || typeof value !== "object" || value === null) {
    return path === "" ? [] : [{ name: path, value: typeof value === "string" ? value : JSON.stringify(value) }];
  }
  return Object.entries(value).flatMap(([key, member]) => flat(member, path === "" ? key : `${path}.${key}`));
}
