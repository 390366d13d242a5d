/**
 * The part of node-llama-cpp 3.22 that mopbench calls. The package is an optional peer: the types stand here so that the
 * project type-checks where it is not installed.
 */
declare module "node-llama-cpp" {
  export type Token = number;

  export const LlamaLogLevel: { readonly error: "error" };

  export function getLlama(options: {
    gpu: false | "auto";
    build: "never";
    logLevel: "error";
    logger: (level: string, message: string) => void;
  }): Promise<Llama>;

  export interface Llama {
    loadModel(options: { modelPath: string }): Promise<LlamaModel>;
    dispose(): Promise<void>;
  }

  export interface LlamaModel {
    readonly tokens: {
      readonly bos: Token | null;
      readonly eos: Token | null;
      readonly eot: Token | null;
      readonly shouldPrependBosToken: boolean;
    };
    readonly trainContextSize: number;
    readonly fileInfo: { readonly metadata: { readonly tokenizer?: { readonly chat_template?: string } } };
    readonly tokenizer: unknown;
    tokenize(text: string, specialTokens?: boolean): Token[];
    detokenize(tokens: readonly Token[], specialTokens?: boolean, lastTokens?: readonly Token[]): string;
    isEogToken(token: Token | undefined): boolean;
    createContext(options: { contextSize: number; threads: number; batchSize?: number }): Promise<LlamaContext>;
    dispose(): Promise<void>;
  }

  export interface LlamaContext {
    getSequence(): LlamaContextSequence;
    dispose(): Promise<void>;
  }

  export interface NextToken {
    readonly logits?: ReadonlyMap<Token, number>;
    readonly totalLogitWeight?: number;
  }

  export interface LlamaContextSequence {
    clearHistory(): Promise<void>;
    evaluate(
      tokens: readonly Token[],
      options: { temperature: number; topP: number; topK: number; minP: number; seed: number },
    ): AsyncGenerator<Token, void, void>;
    controlledEvaluate(
      input: readonly (
        | Token
        | [
            Token,
            {
              generateNext: {
                logits: { filter: { tokens: readonly Token[]; includeTop: number } };
                totalLogitWeight: true;
              };
            },
          ]
      )[],
    ): Promise<readonly ({ readonly next: NextToken } | undefined)[]>;
  }

  export type ChatHistoryItem =
    | { type: "system"; text: string }
    | { type: "user"; text: string }
    | { type: "model"; response: readonly string[] };

  export interface ChatWrapper {
    generateContextState(options: { chatHistory: readonly ChatHistoryItem[] }): {
      readonly contextText: { tokenize(tokenizer: unknown): Token[] };
    };
  }

  export function resolveChatWrapper(model: LlamaModel): ChatWrapper;
}
