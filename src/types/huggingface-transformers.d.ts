/**
 * The part of Transformers.js 4 that mopbench calls. The package is an optional peer: the types stand here so that the project
 * type-checks where it is not installed.
 */
declare module "@huggingface/transformers" {
  export const env: {
    allowRemoteModels: boolean;
    localModelPath: string;
    remoteHost: string;
    cacheDir: string;
  };

  export class Tensor {
    constructor(type: "int64", data: BigInt64Array, dims: readonly number[]);
    readonly dims: readonly number[];
    readonly data: Float32Array;
  }

  export interface Tokenizer {
    (
      text: string,
      options: { truncation: boolean; add_special_tokens?: boolean },
    ): {
      readonly input_ids: { readonly data: BigInt64Array };
    };
    decode(ids: readonly number[], options?: { skip_special_tokens?: boolean }): string;
    readonly eos_token_id: number | null | undefined;
    readonly chat_template: string | null | undefined;
    apply_chat_template(
      messages: readonly { role: string; content: string }[],
      options: { tokenize: false; add_generation_prompt: boolean },
    ): string;
  }

  export interface CausalModel extends Model {
    readonly generation_config: { readonly eos_token_id?: number | readonly number[] | null } | null;
    generate(options: {
      inputs: Tensor;
      attention_mask: Tensor;
      max_new_tokens: number;
      do_sample: boolean;
      temperature: number;
      top_p: number;
      top_k: number;
    }): Promise<{ readonly data: BigInt64Array }>;
  }

  /** Seeds every sampler of the package: calls must not overlap. */
  export const random: { seed(seed: number): void };

  export interface Model {
    (inputs: {
      readonly input_ids: Tensor;
      readonly attention_mask: Tensor;
      readonly token_type_ids?: Tensor;
    }): Promise<{ readonly last_hidden_state: Tensor; readonly logits: Tensor }>;
    readonly config: object;
    dispose(): Promise<unknown>;
  }

  export interface LoadOptions {
    readonly revision?: string;
    readonly dtype?: string;
    readonly device?: string;
  }

  export const AutoTokenizer: { from_pretrained(name: string, options?: LoadOptions): Promise<Tokenizer> };
  export const AutoModel: { from_pretrained(name: string, options?: LoadOptions): Promise<Model> };
  export const AutoModelForCausalLM: { from_pretrained(name: string, options?: LoadOptions): Promise<CausalModel> };
}
