import { mapConcurrently } from "../../core/concurrent.ts";
import { RunFailedError } from "../../core/errors.ts";
import type { PopulationRecord } from "../../core/record.ts";
import type { Stream } from "../../core/stream.ts";
import type { BaseModel } from "../../models/model.ts";
import type { Ask } from "../../prompts/ask.ts";
import { type Prompt, promptOf } from "../../prompts/prompt.ts";

/** A model that is asked to describe clusters. It must do what instructions say. */
export interface PersonaWriter {
  readonly model: Pick<BaseModel, "id">;
  readonly ask: Ask;
  /** Begins the keys of its calls: everything the descriptions depend on. */
  readonly key: string;
  /** Records of a cluster that it is shown, those nearest to the centre. */
  readonly examples: number;
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
}

const instruction =
  "You characterise writers. From texts of like-minded people, say in two or three sentences who would write such texts: " +
  "interests, temperament, vocabulary, tone and length. Describe a person, in the third person, starting with `Someone who`. " +
  "Do not quote the texts, do not name real people, and give the description alone.";

/** Longest part of a text that is shown, in characters. */
const SHOWN = 600;

/**
 * One description a cluster, in order, at temperature 0.7.
 * @throws RunFailedError when the model gives an empty description; CallErrors of the model pass through.
 */
export function askForDescriptions(
  clusters: readonly (readonly PopulationRecord[])[],
  writer: PersonaWriter,
  random: Stream,
): Promise<string[]> {
  return mapConcurrently(clusters, writer.concurrency, writer.signal, async (records, k) => {
    const { text } = await writer.ask({
      key: `${writer.key}/${k}`,
      prompt: describePrompt(records),
      decoding: { temperature: 0.7, topP: 1, maxTokens: 160 },
      seed: random.derive("persona-writer", k).uint32(),
      index: k,
    });
    const description = text.trim().replace(/\s+/gu, " ");
    if (description === "") throw new RunFailedError(`${writer.model.id} gave an empty description of cluster ${k}.`);
    return description;
  });
}

function describePrompt(records: readonly PopulationRecord[]): Prompt {
  const example = records.map((r, i) => `Text ${i + 1}: ${r.text.trim().slice(0, SHOWN)}`).join("\n");
  const task = "Who writes like this?";
  const content = { context: { text: task, label: null }, persona: null, exemplars: records };
  return promptOf(content, { instruction, persona: "", example, task });
}
