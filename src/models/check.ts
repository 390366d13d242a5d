import { isBearable } from "../core/error-budget.ts";
import { CallError } from "../core/errors.ts";
import { type Prompt, type PromptRenderer, promptOf } from "../prompts/prompt.ts";
import { type Adaptations, sentence } from "./adaptations.ts";
import { followsInstructions, quoted } from "./check-instructions.ts";
import { type BaseModel, type Capability, type Completion, scoringOf } from "./model.ts";

/** One thing a model was asked to show. */
export interface Finding {
  /** A capability, `reasoning`, `fields` (all fields of a request are taken), or a field that is not. */
  readonly capability: Capability | "reasoning" | "fields" | (string & {});
  readonly works: boolean;
  /** What was seen, in a sentence. */
  readonly seen: string;
}

/** Tokens of an answer, and of one that is preceded by reasoning. */
const FEW = 24;
const MANY = 4096;

/** Takes the likeliest token. */
const GREEDY = 0;

/** Asks for one answer at the seed. */
type Ask = (seed: number, prompt?: Prompt, decoding?: { temperature?: number; topP?: number }) => Promise<Completion>;

/**
 * Asks a model what it can really do: answers, fields of requests, answers by seed, instructions, scores of texts it is shown.
 * A capability counts only when it was seen; what the model claims is not enough.
 * @param model as a run uses it, reasoning cut
 * @param adaptations the lenient ones it was opened with
 * @throws CallError when the model cannot be reached at all (down, wrong key, unknown model) or gives no text
 */
export async function checkModel(
  model: BaseModel,
  prompts: PromptRenderer,
  adaptations: Adaptations,
): Promise<Finding[]> {
  const shown = prompts.render({ context: { text: "a walk in the park", label: null }, persona: null, exemplars: [] });
  let maxTokens = FEW;
  const ask: Ask = async (seed, prompt = shown, { temperature = 1, topP = 1 } = {}) => {
    const answer = () =>
      model.generate({ prompt, decoding: { temperature, topP, maxTokens }, seed, sampleIndex: seed });
    try {
      return await answer();
    } catch (error) {
      const noRoom = error instanceof CallError && (error.kind === "reasoning" || error.kind === "length");
      if (!noRoom || maxTokens === MANY) throw error;
      maxTokens = MANY;
      return answer();
    }
  };
  const first = await ask(1);
  const route: Capability = model.can.chat ? "chat" : "completion";
  return [
    { capability: route, works: true, seen: `answered: ${quoted(first.text)}` },
    ...checkReasoning(first, maxTokens),
    ...(model.profile?.account == null ? [] : await checkFields(ask, adaptations)),
    await checkSeed(first, ask),
    await checkInstructions(model, shown, ask),
    await checkScores(model, shown),
    ...(model.score === undefined ? [] : [await checkEnd(model, shown)]),
  ];
}

/** Empty where the answer shows no reasoning. */
function checkReasoning({ raw }: Completion, maxTokens: number): Finding[] {
  const more =
    maxTokens > FEW ? ` ${FEW} tokens leave no room for text: raise \`decoding.maxTokens\`, or switch it off.` : "";
  const where = raw === undefined ? "apart from the text" : "in the answer's text, cut from it";
  const seen = `it reasons before it answers (${where}).${more}`;
  return raw === undefined && more === "" ? [] : [{ capability: "reasoning", works: true, seen }];
}

/** Which fields of a request the server refuses: each is given another value than the protocol's own. */
async function checkFields(ask: Ask, adaptations: Adaptations): Promise<Finding[]> {
  const refused: Finding[] = [];
  for (const decoding of [{ temperature: 0.7 }, { topP: 0.9 }]) {
    try {
      await ask(1, undefined, decoding);
    } catch (error) {
      if (!isBearable(error)) throw error;
      refused.push({ capability: Object.keys(decoding).join(), works: false, seen: error.message });
    }
  }
  for (const adaptation of adaptations.made) {
    const does = adaptation.write === null ? "as a run does by itself" : `a run stops: ${adaptation.write}`;
    refused.push({ capability: adaptation.field, works: false, seen: `${sentence(adaptation)}; ${does}` });
  }
  if (refused.length > 0) return refused;
  return [{ capability: "fields", works: true, seen: "length, temperature, top_p and seed are taken" }];
}

async function checkSeed(first: Completion, ask: Ask): Promise<Finding> {
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

async function checkInstructions(model: BaseModel, { content }: Prompt, ask: Ask): Promise<Finding> {
  const capability = "instructions";
  if (!model.can.instructions) {
    return { capability, works: false, seen: "not asked: the model continues text and follows no instructions" };
  }
  return {
    capability,
    ...(await followsInstructions((task) =>
      ask(3, promptOf(content, { instruction: "", persona: "", example: "", task }), { temperature: GREEDY }),
    )),
  };
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
    if (!isBearable(error)) throw error;
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
    if (!isBearable(error)) throw error;
    return found(false, error.message);
  }
}
