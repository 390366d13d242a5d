import { CallError } from "../../core/errors.ts";
import { Stream } from "../../core/stream.ts";
import type { ChooseRequest, Chosen } from "../model.ts";
import type { Handler } from "./call.ts";
import { listOptions } from "./listed-options.ts";
import { originOf } from "./origin.ts";
import { score } from "./score.ts";

/**
 * Picks an option by log p(option | question), one score each: draws from their softmax by the seed.
 *
 * The total is taken as it is, the end of the text with it where the model can score that, and not divided by the option's
 * length: so the probabilities are those with which an answer drawn at temperature 1 would be exactly this option, given that
 * it is one of them. Dividing by length would favor long options over what the model would say.
 * @throws CallError `malformed` when no option has a probability
 */
export async function chooseByScores(request: ChooseRequest, call: Handler): Promise<Chosen> {
  const { options, seed, signal } = request;
  const { prompt } = listOptions(request);
  const scored = await Promise.all(options.map((continuation) => call(score, { prompt, continuation, signal })));
  const totals = scored.map(({ total }) => total);
  const largest = Math.max(...totals);
  if (!Number.isFinite(largest)) throw new CallError("malformed", "The model gives none of the options a probability.");
  const mass = largest + Math.log(totals.reduce((sum, total) => sum + Math.exp(total - largest), 0));
  const logProbabilities = totals.map((total) => total - mass);
  const index = Stream.root(seed).derive("choose", "draw").weighted(logProbabilities.map(Math.exp));
  return { index, logProbabilities, ...originOf(scored) };
}
