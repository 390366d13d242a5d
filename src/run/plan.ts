import { type CellId, cellPath } from "../core/cell.ts";
import type { Json } from "../core/hash.ts";
import type { PopulationRecord } from "../core/record.ts";
import { cellCost, NO_CALLS } from "../methods/cost.ts";
import type { CallCounts, CellCost, MethodCost } from "../methods/method.ts";
import { MOST_ANSWERS } from "../models/calls/choose-by-answer.ts";
import type { Registries } from "../plugins/compose.ts";
import { checkMethods, whyNot } from "./compatibility.ts";
import type { Experiment } from "./experiment.ts";
import { slices } from "./made-elsewhere.ts";
import { ModelLayers, type RunEnvironment } from "./services.ts";
import { sharedPool } from "./shared-pool.ts";
import { loadDatasets, makeMethods, openStage, type Stage, warnOfSpaces } from "./stage.ts";

/** A cell and what it will ask for. */
export interface PlannedCell extends CellId {
  readonly samples: number;
  /** What filling it asks the model at most; nothing for texts made elsewhere and skipped cells. */
  readonly calls: CallCounts;
  /** Why the cell is skipped, or null. */
  readonly skipped: string | null;
}

/** Upper bounds of what one model will be asked; a finished run of a resumed folder asks less. */
export interface PlannedModel {
  readonly model: string;
  readonly generated: number;
  readonly scored: number;
  /** Choices among options. */
  readonly chosen: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** null where the model's price is not known. */
  readonly usd: number | null;
}

/** What a run would do. */
export interface Plan {
  readonly cells: readonly PlannedCell[];
  readonly models: readonly PlannedModel[];
}

/** What a chat template may add to a prompt. */
const TEMPLATE_TOKENS = 64;

const NO_COST: MethodCost = { fit: NO_CALLS, exemplarsPerPrompt: 0, personaBytes: 0 };

/**
 * The cells of an experiment and an upper bound of what its models will be asked. Loads data and models, calls none.
 *
 * Tokens are bounded by bytes: no tokenizer in use makes more than one token of a byte. A prompt is taken with the longest
 * context and the longest real texts it could show, an answer with `maxTokens`. Repeated attempts are not counted.
 * @throws InputError as `runExperiment` before it begins
 */
export async function planExperiment(
  experiment: Experiment,
  registries: Registries,
  environment: RunEnvironment,
): Promise<Plan> {
  const layers = new ModelLayers(experiment, environment);
  const methods = await makeMethods(experiment, environment);
  const cells: PlannedCell[] = [];
  const models = new Map<string, PlannedModel>();
  try {
    for (const dataset of await loadDatasets(experiment, environment)) {
      warnOfSpaces(dataset, experiment.tokenizer, environment.progress);
      const stage = await openStage(experiment, dataset, [], layers, environment, { planning: true });
      await checkMethods(experiment, methods, stage.models, registries);
      for (const { id, method, made } of methods) {
        const planned = { dataset: dataset.id, method: id };
        if (made !== null) {
          const { size, count } = slices(made.texts.length, experiment);
          for (let repeat = 0; repeat < count; repeat++)
            cells.push({ ...planned, model: made.model, repeat, samples: size, calls: NO_CALLS, skipped: null });
          continue;
        }
        for (const model of stage.models) {
          const skipped = whyNot(method, model);
          const data = { datasetId: dataset.id, train: dataset.parts.train, sharedPool: sharedPool(methods) };
          const cost = skipped === null ? (method.cost?.(data) ?? NO_COST) : NO_COST;
          const cell = cellCost(cost, stage.contexts, experiment.decoding);
          const { generated, scored, chosen } = cell;
          const calls = skipped === null ? { generated, scored, chosen } : NO_CALLS;
          for (let repeat = 0; repeat < experiment.repeats; repeat++)
            cells.push({ ...planned, model: model.id, repeat, samples: experiment.samples, calls, skipped });
          if (skipped !== null) continue;
          const price = model.profile === undefined ? FREE : model.profile.price;
          add(models, bound(experiment, stage, model.id, { ...cost, ofCell: cell }, price));
        }
      }
      await stage.close();
    }
  } finally {
    await layers.close();
  }
  return { cells, models: [...models.values()] };
}

const FREE = { inputPerMillion: 0, outputPerMillion: 0 };

function bound(
  { repeats, decoding }: Experiment,
  stage: Stage,
  model: string,
  { fit, ofCell, ...cost }: MethodCost & { readonly ofCell: CellCost },
  price: typeof FREE | null,
): PlannedModel {
  const prompt = promptBound(stage, cost);
  const longest = longestOf(stage.dataset.parts.train);
  const text = longest === null ? 0 : bytes(longest.text);
  const tokens = ({ generated, scored, chosen, options = 2 }: CallCounts, prompt: number, answer: number) => ({
    // A text is scored with its prompt and the prompt alone. A choice scores each option so, or draws answers until one names one.
    in: (generated + chosen * MOST_ANSWERS) * prompt + (scored + chosen * options) * (2 * prompt + text),
    out: (generated + chosen * MOST_ANSWERS) * answer,
  });
  const ofFit = tokens(fit, prompt, decoding.maxTokens);
  const ofOne = tokens(ofCell, prompt + (ofCell.addedTokens ?? 0), ofCell.maxTokens ?? decoding.maxTokens);
  const tokensIn = repeats * ofOne.in + ofFit.in;
  const tokensOut = repeats * ofOne.out + ofFit.out;
  const usd = price === null ? null : (tokensIn * price.inputPerMillion + tokensOut * price.outputPerMillion) / 1e6;
  const calls = (kind: "generated" | "scored" | "chosen") => repeats * ofCell[kind] + fit[kind];
  return {
    model,
    generated: calls("generated"),
    scored: calls("scored"),
    chosen: calls("chosen"),
    tokensIn,
    tokensOut,
    usd,
  };
}

/** Tokens of the longest prompt of a method at most. */
function promptBound({ prompts, contexts, dataset }: Stage, cost: Omit<MethodCost, "fit" | "cell">): number {
  const longest = cost.longestExemplar ?? longestOf(dataset.parts.train);
  const exemplars = longest === null ? [] : Array.from({ length: cost.exemplarsPerPrompt }, () => longest);
  const persona = cost.personaBytes > 0 ? "x".repeat(cost.personaBytes) : null;
  let most = 0;
  for (const context of new Set(contexts)) {
    const prompt = prompts.render({ context, persona, exemplars });
    most = Math.max(most, bytes(prompt.instruction + prompt.persona + prompt.example + prompt.task));
  }
  return most + TEMPLATE_TOKENS;
}

function longestOf(records: readonly PopulationRecord[]): PopulationRecord | null {
  let longest: PopulationRecord | null = null;
  const size = ({ text, context }: PopulationRecord) => bytes(text) + bytes(context.text);
  for (const record of records) if (longest === null || size(record) > size(longest)) longest = record;
  return longest;
}

function add(models: Map<string, PlannedModel>, more: PlannedModel): void {
  const known = models.get(more.model);
  if (known === undefined) {
    models.set(more.model, more);
    return;
  }
  models.set(more.model, {
    model: more.model,
    generated: known.generated + more.generated,
    scored: known.scored + more.scored,
    chosen: known.chosen + more.chosen,
    tokensIn: known.tokensIn + more.tokensIn,
    tokensOut: known.tokensOut + more.tokensOut,
    usd: known.usd === null || more.usd === null ? null : known.usd + more.usd,
  });
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}

/** The plan as `--json` prints it. */
export function planJson(plan: Plan): Json {
  return {
    cells: plan.cells.map(({ dataset, model, method, repeat, samples, calls, skipped }) => ({
      dataset,
      model,
      method,
      repeat,
      samples,
      ...(isOneEach(calls, samples) ? {} : { calls: { ...calls } }),
      skipped,
    })),
    models: plan.models.map(({ chosen, ...model }) => ({ ...model, ...(chosen === 0 ? {} : { chosen }) })),
  };
}

/** Whether a cell makes one call for each text, as most do: nothing need be said then. Texts made elsewhere make none. */
function isOneEach({ generated, scored, chosen }: CallCounts, samples: number): boolean {
  return (generated === samples || generated === 0) && scored === 0 && chosen === 0;
}

/** "at most 8 answers, 40 choices" */
function callsText({ generated, scored, chosen }: CallCounts): string {
  const parts = [
    `${number(generated)} ${generated === 1 ? "answer" : "answers"}`,
    ...(scored === 0 ? [] : [`${number(scored)} scored texts`]),
    ...(chosen === 0 ? [] : [`${number(chosen)} choices`]),
  ];
  return `at most ${parts.join(", ")}`;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}

/** The plan as people read it. */
export function planText(plan: Plan): string {
  const running = plan.cells.filter((cell) => cell.skipped === null);
  const lines = [`${running.length} cells, ${plan.cells.length - running.length} skipped`];
  const groups = new Map<string, { cells: number; cell: PlannedCell }>();
  for (const cell of plan.cells) {
    const key = cellPath({ ...cell, repeat: 0 });
    groups.set(key, { cells: (groups.get(key)?.cells ?? 0) + 1, cell });
  }
  for (const { cells, cell } of groups.values()) {
    const { samples, calls, skipped } = cell;
    const asked = isOneEach(calls, samples) ? "" : `, ${callsText(calls)} a cell`;
    const what = skipped === null ? `${cells} x ${samples} samples${asked}` : `skipped: ${skipped}`;
    lines.push(`  ${cell.dataset} / ${cell.model ?? "no model"} / ${cell.method}: ${what}`);
  }
  lines.push("At most, by model:");
  for (const { model, generated, scored, chosen, tokensIn, tokensOut, usd } of plan.models) {
    const cost = usd === null ? "price not known" : `$${usd.toFixed(2)}`;
    lines.push(
      `  ${model}: ${number(generated)} answers, ${number(scored)} scored texts, ${chosen === 0 ? "" : `${number(chosen)} choices, `}${number(tokensIn)} tokens in, ${number(tokensOut)} tokens out, ${cost}`,
    );
  }
  if (plan.models.length === 0) lines.push("  no calls");
  return `${lines.join("\n")}\n`;
}
