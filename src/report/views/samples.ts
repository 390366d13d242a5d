import type { Sample } from "../../core/sample.ts";
import type { CellSamples } from "../run-data.ts";
import type { ReportContext } from "./context.ts";
import { modelName } from "./model-name.ts";

/** Answers of all methods to the same contexts. */
export interface SamplesView {
  readonly model: string;
  readonly contexts: readonly {
    readonly context: string;
    readonly label: string | null;
    readonly answers: readonly AnswerTextView[];
  }[];
}

export interface AnswerTextView {
  readonly method: string;
  /** null where the call failed. */
  readonly text: string | null;
  readonly failure: string | null;
  readonly persona: string | null;
  readonly exemplars: string | null;
}

/** Contexts shown for each model. */
const CONTEXTS = 3;
/** Exemplar ids that are named. */
const NAMED = 4;

/** The first contexts of repeat 0 that differ, with the answer of every method: chosen by index, never by what they say. */
export function samplesViews(context: ReportContext, dataset: string): SamplesView[] {
  return context.models(dataset).flatMap((model) => {
    const methods = context.methods(dataset, model);
    const cells = context.run.samples
      .filter((cell) => cell.dataset === dataset && cell.model === model && methods.includes(cell.method))
      .sort((a, b) => methods.indexOf(a.method) - methods.indexOf(b.method));
    const contexts = chosen(cells).map(({ index, context: text, label }) => ({
      context: text,
      label,
      answers: cells.flatMap((cell) => {
        const sample = cell.samples.find((candidate) => candidate.index === index);
        return sample === undefined ? [] : [answer(cell.method, sample)];
      }),
    }));
    return contexts.length === 0 ? [] : [{ model: modelName(model, context.remark(model)), contexts }];
  });
}

function chosen(cells: readonly CellSamples[]): Sample[] {
  const seen = new Set<string>();
  const longest = [...cells].sort((a, b) => b.samples.length - a.samples.length)[0];
  return (longest?.samples ?? [])
    .filter(({ context, label }) => {
      const key = JSON.stringify([context, label]);
      return !seen.has(key) && seen.add(key);
    })
    .slice(0, CONTEXTS);
}

function answer(method: string, sample: Sample): AnswerTextView {
  const { exemplars } = sample;
  const more = exemplars.length > NAMED ? ` and ${exemplars.length - NAMED} more` : "";
  return {
    method,
    text: sample.text,
    failure: sample.text === null ? `${sample.error?.kind ?? "failed"}: ${sample.error?.message ?? "no answer"}` : null,
    persona: sample.persona,
    exemplars: exemplars.length === 0 ? null : exemplars.slice(0, NAMED).join(", ") + more,
  };
}
