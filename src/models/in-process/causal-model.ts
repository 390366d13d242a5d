import type { Decoding } from "../../core/sample.ts";
import type { ShownToken } from "../boundary.ts";

type TransformersPackage = Pick<typeof import("@huggingface/transformers"), "Tensor" | "random">;
type CausalModel = import("@huggingface/transformers").CausalModel;
type Tensor = import("@huggingface/transformers").Tensor;

/** A causal language model of Transformers.js: what it is shown and what it draws. One call at a time. */
export class CausalLanguageModel {
  readonly #package: TransformersPackage;
  readonly #model: CausalModel;

  constructor(transformers: TransformersPackage, model: CausalModel) {
    this.#package = transformers;
    this.#model = model;
  }

  /** Log-probabilities of tokens, each given all before, with logits divided by a temperature. */
  async show(ids: readonly number[], temperature: number): Promise<ShownToken[]> {
    const { logits } = await this.#model(this.#input(ids));
    const vocabulary = logits.dims[2] ?? 0;
    const logprobAt = (i: number, id: number): number =>
      logSoftmaxAt(logits.data.subarray((i - 1) * vocabulary, i * vocabulary), id, temperature);
    return ids.map((id, i) => ({ id, logprob: i === 0 ? null : logprobAt(i, id) }));
  }

  /** Draws the tokens of an answer. The seed is the package's own, one for all its models. */
  async draw(ids: readonly number[], decoding: Decoding, seed: number): Promise<number[]> {
    this.#package.random.seed(seed);
    const { input_ids, attention_mask } = this.#input(ids);
    const { data } = await this.#model.generate({
      inputs: input_ids,
      attention_mask,
      max_new_tokens: decoding.maxTokens,
      do_sample: decoding.temperature > 0,
      temperature: decoding.temperature,
      top_p: decoding.topP,
      top_k: 0,
    });
    return Array.from(data, Number).slice(ids.length);
  }

  async close(): Promise<void> {
    await this.#model.dispose();
  }

  #input(ids: readonly number[]): { readonly input_ids: Tensor; readonly attention_mask: Tensor } {
    const tensor = (values: readonly number[]) =>
      new this.#package.Tensor("int64", BigInt64Array.from(values, BigInt), [1, values.length]);
    return { input_ids: tensor(ids), attention_mask: tensor(ids.map(() => 1)) };
  }
}

/** log p of one id under logits divided by a temperature, in float64. */
function logSoftmaxAt(logits: Float32Array, id: number, temperature: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of logits) if (value > largest) largest = value;
  let total = 0;
  for (const value of logits) total += Math.exp((value - largest) / temperature);
  return (logits[id]! - largest) / temperature - Math.log(total);
}
