import type { Prompt } from "../../prompts/prompt.ts";
import { chatMessages, plainPrompt } from "../render.ts";
import { endOfAnswer, type WrittenMessage } from "./answer-end.ts";

type Tokenizer = import("@huggingface/transformers").Tokenizer;

/** The tokens that a model of Transformers.js is shown: by its tokenizer's chat template, or of the plain text of the slots. */
export class CausalTokens {
  /** Whether prompts are written by the chat template. */
  readonly chat: boolean;
  /** The token by which answers end, and how it is written; null where the model stops nowhere. */
  readonly end: number | null;
  readonly endText: string | null;
  readonly #tokenizer: Tokenizer;

  /**
   * @param api auto: the chat template where there is one
   * @param stops ids at which the model stops
   */
  constructor(tokenizer: Tokenizer, api: "auto" | "chat" | "completions", stops: readonly number[]) {
    this.#tokenizer = tokenizer;
    this.chat = api === "chat" || (api === "auto" && Boolean(tokenizer.chat_template));
    const written = (messages: readonly WrittenMessage[]): string =>
      tokenizer.apply_chat_template(messages, { tokenize: false, add_generation_prompt: false });
    this.end = endOfAnswer(stops, this.chat ? written : null, (text) => this.idsOf(text));
    this.endText = this.end === null ? null : tokenizer.decode([this.end], { skip_special_tokens: false });
  }

  /** The text of a prompt, up to where the answer begins. */
  textOf(prompt: Prompt): string {
    return this.chat
      ? this.#tokenizer.apply_chat_template(chatMessages(prompt), { tokenize: false, add_generation_prompt: true })
      : plainPrompt(prompt);
  }

  idsOf(text: string): number[] {
    const { input_ids } = this.#tokenizer(text, { truncation: false, add_special_tokens: !this.chat });
    return Array.from(input_ids.data, Number);
  }

  /** What the tokens of an answer say, without special tokens. */
  answerOf(ids: readonly number[]): string {
    return this.#tokenizer.decode(ids, { skip_special_tokens: true });
  }
}
