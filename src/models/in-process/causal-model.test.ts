import { describe, expect, it } from "vitest";
import { CausalLanguageModel } from "./causal-model.ts";

class Tensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
  constructor(_type: "int64", data: BigInt64Array, dims: readonly number[]) {
    this.dims = dims;
    this.data = Float32Array.from(data, Number);
  }
}

/** A model whose logits after token t are t, 2 t and 3 t, and which answers with the seed it was given. */
function scripted(): CausalLanguageModel {
  let seed = 0n;
  const forward = async ({ input_ids }: { readonly input_ids: Tensor }) => {
    const logits = new Tensor("int64", new BigInt64Array(0), [1, input_ids.data.length, 3]);
    const data = Float32Array.from([...input_ids.data].flatMap((t) => [t, 2 * t, 3 * t]));
    return { logits: { ...logits, data }, last_hidden_state: logits };
  };
  const model = Object.assign(forward, {
    config: {},
    generation_config: null,
    generate: async ({ inputs }: { readonly inputs: Tensor }) => ({
      data: BigInt64Array.from([...[...inputs.data].map(BigInt), seed, 9n]),
    }),
    dispose: async () => undefined,
  });
  const random = {
    seed: (value: number) => {
      seed = BigInt(value);
    },
  };
  return new CausalLanguageModel({ Tensor, random }, model);
}

describe("CausalLanguageModel", () => {
  it("shows each token the logits after the one before, divided by the temperature", async () => {
    const shown = await scripted().show([2, 1, 0], 0.5);
    const logSoftmax = (t: number, id: number): number =>
      2 * t * (id + 1) - Math.log([1, 2, 3].reduce((sum, by) => sum + Math.exp(2 * t * by), 0));
    expect(shown[0]).toEqual({ id: 2, logprob: null });
    expect(shown[1]?.logprob).toBeCloseTo(logSoftmax(2, 1), 12);
    expect(shown[2]?.logprob).toBeCloseTo(logSoftmax(1, 0), 12);
  });

  it("draws by the seed and leaves out the prompt's tokens", async () => {
    const decoding = { temperature: 1, topP: 1, maxTokens: 2 };
    expect(await scripted().draw([5, 6], decoding, 7)).toEqual([7, 9]);
  });
});
