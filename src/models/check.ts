import { CallError } from "../core/errors.ts";
import type { Prompt, PromptRenderer } from "../prompts/prompt.ts";
import { type BaseModel, type Capability, type Completion, scoringOf } from "./model.ts";

/** One thing a model was asked to show. */
export interface Finding {
  readonly capability: Capability;
  readonly works: boolean;
  /** What was seen, in a sentence. */
  readonly seen: string;
}

const WORD = "persimmon";

/**
 * Asks a model what it can really do: answers, answers by seed, instructions, scores of texts it is shown. A capability counts
 * only when it was seen; what the model claims is not enough.
 * @throws CallError when the model cannot be reached at all (down, wrong key, unknown model)
 */
export async function checkModel(model: BaseModel, prompts: PromptRenderer): Promise<Finding[]> {
  const prompt = prompts.render({ context: { text: "a walk in the park", label: null }, persona: null, exemplars: [] });
  const ask = (seed: number, asked: Prompt = prompt, temperature = 1): Promise<Completion> =>
    model.generate({ prompt: asked, decoding: { temperature, topP: 1, maxTokens: 24 }, seed, sampleIndex: seed });
  const first = await ask(1);
  const route: Capability = model.can.chat ? "chat" : "completion";
  const findings: Finding[] = [{ capability: route, works: true, seen: `answered: ${quoted(first.text)}` }];
  findings.push(await checkSeed(first, ask));
  findings.push(await checkInstructions(model, prompt, ask));
  findings.push(await checkScores(model, prompt));
  if (model.score !== undefined) findings.push(await checkEnd(model, prompt));
  return findings;
}

async function checkSeed(first: Completion, ask: (seed: number) => Promise<Completion>): Promise<Finding> {
  const [same, other] = [await ask(1), await ask(2)];
  if (same.text !== first.text) {
    return { capability: "seed", works: false, seen: "the same request with the same seed gave another answer" };
  }
  const differs = other.text !== first.text;
  const seen = differs
    ? "equal seeds gave equal answers, another seed another one"
    : "every seed gave the same answer: the server samples nothing, so N draws would be one";
  return { capability: "seed", works: differs, seen };
}

async function checkInstructions(
  model: BaseModel,
  prompt: Prompt,
  ask: (seed: number, asked: Prompt, temperature: number) => Promise<Completion>,
): Promise<Finding> {
  if (!model.can.instructions) {
    return {
      capability: "instructions",
      works: false,
      seen: "not asked: the model continues text and follows no instructions",
    };
  }
  const instruction = `Reply with the one word ${WORD} and nothing else.`;
  const asked = { ...prompt, instruction: "", persona: "", example: "", task: instruction };
  const { text } = await ask(3, asked, 0);
  const works = text.toLowerCase().includes(WORD);
  return { capability: "instructions", works, seen: `asked for the word ${WORD}, got ${quoted(text)}` };
}

async function checkScores(model: BaseModel, prompt: Prompt): Promise<Finding> {
  const claim = typeof model.description.scoring === "string" ? model.description.scoring : null;
  if (model.score === undefined) {
    return {
      capability: "promptLogprobs",
      works: false,
      seen: claim ?? "the model gives no log-probabilities of texts it is shown",
    };
  }
  try {
    const likely = await model.score({ prompt, continuation: "It was a fine day and we walked for an hour." });
    const unlikely = await model.score({ prompt, continuation: "It was hour fine a an we for and walked day." });
    const each = (total: number, tokens: number) => (total / tokens).toFixed(2);
    const seen = `a sentence scored ${each(likely.total, likely.tokens.length)} nats a token, its words in disorder ${each(unlikely.total, unlikely.tokens.length)}`;
    return { capability: "promptLogprobs", works: likely.total !== unlikely.total, seen };
  } catch (error) {
    if (!(error instanceof CallError) || error.fatal) throw error;
    return { capability: "promptLogprobs", works: false, seen: error.message };
  }
}

async function checkEnd(model: BaseModel, prompt: Prompt): Promise<Finding> {
  const found = (works: boolean, seen: string): Finding => ({ capability: "endLogprobs", works, seen });
  const end = scoringOf(model)?.end ?? null;
  if (model.score === undefined || end === null)
    return found(false, "the end of a text has no token that it would score");
  try {
    const endOf = async (continuation: string): Promise<number> =>
      (await model.score?.({ prompt, continuation, end: true }))?.tokens.at(-1) ?? Number.NaN;
    const [whole, broken] = [await endOf("It was a fine day."), await endOf("It was a fine day and")];
    const seen = `${end} scored ${whole.toFixed(2)} after a sentence, ${broken.toFixed(2)} within one`;
    return found(Number.isFinite(whole) && whole !== broken, seen);
  } catch (error) {
    if (!(error instanceof CallError) || error.fatal) throw error;
    return found(false, error.message);
  }
}

function quoted(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return JSON.stringify(line.length > 60 ? `${line.slice(0, 60)}...` : line);
}
