import type { Prompt } from "../../prompts/prompt.ts";
import { type ChatMessage, chatMessages, plainPrompt } from "../render.ts";
import type { LlamaFile } from "./llama-file.ts";

type ChatHistoryItem = import("node-llama-cpp").ChatHistoryItem;

/** A conversation whose last answer is begun, or ended by a reply to it. */
interface Conversation {
  readonly messages: readonly ChatMessage[];
  readonly answer: string;
  readonly reply?: string;
}

/** The tokens that a model file is shown: by its own chat template, or of the plain text of the slots. */
export class LlamaTokens {
  /** Whether prompts are written by the chat template. */
  readonly chat: boolean;
  /** The token that ends a text, and how it is written; null where the file has none. */
  readonly end: number | null;
  readonly endText: string | null;
  readonly #file: LlamaFile;

  /** @param api auto: the chat template where the file has one */
  constructor(file: LlamaFile, api: "auto" | "chat" | "completions") {
    const { model } = file;
    this.#file = file;
    this.chat = api === "chat" || (api === "auto" && model.fileInfo.metadata.tokenizer?.chat_template !== undefined);
    this.end = this.#endToken();
    this.endText = this.end === null ? null : model.detokenize([this.end], true);
  }

  /** Tokens of a prompt and the beginning of an answer. */
  of(prompt: Prompt, answer: string): number[] {
    return this.chat
      ? this.#chatTokens({ messages: chatMessages(prompt), answer })
      : this.#plainTokens(plainPrompt(prompt) + answer);
  }

  #plainTokens(text: string): number[] {
    const { model } = this.#file;
    const bos = model.tokens.shouldPrependBosToken && model.tokens.bos !== null ? [model.tokens.bos] : [];
    return [...bos, ...model.tokenize(text)];
  }

  #chatTokens({ messages, answer, reply }: Conversation): number[] {
    const { llamaCpp, model } = this.#file;
    const chatHistory: ChatHistoryItem[] = [
      ...messages.map(({ role, content }) => ({ type: role, text: content })),
      { type: "model", response: answer === "" ? [] : [answer] },
      ...(reply === undefined ? [] : [{ type: "user" as const, text: reply }]),
    ];
    const { contextText } = llamaCpp.resolveChatWrapper(model).generateContextState({ chatHistory });
    return withOneBos(contextText.tokenize(model.tokenizer), model.tokens.bos);
  }

  /** Where a text ends: what the chat template writes after an answer, if the model stops there; else the end-of-text token. */
  #endToken(): number | null {
    const { model } = this.#file;
    if (this.chat) {
      const messages = [{ role: "user" as const, content: "a" }];
      const answered = this.#chatTokens({ messages, answer: "b" });
      const next = this.#chatTokens({ messages, answer: "b", reply: "c" })[answered.length];
      if (next !== undefined && model.isEogToken(next)) return next;
    }
    return model.tokens.eos ?? model.tokens.eot;
  }
}

/** A chat template that begins with BOS and a wrapper that adds one make two: the model was trained on one. */
function withOneBos(ids: readonly number[], bos: number | null): number[] {
  const first = ids.findIndex((id) => id !== bos);
  return ids.slice(Math.max(0, first - 1));
}
