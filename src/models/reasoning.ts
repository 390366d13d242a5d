import { z } from "zod";
import { CallError } from "../core/errors.ts";

/** Whether reasoning blocks are cut from answers, or kept as part of the person's text. */
export type ReasoningMode = "cut" | "keep";

/** The option of every provider whose models may reason. */
export const reasoningOption = {
  reasoning: z
    .enum(["cut", "keep"])
    .default("cut")
    .describe(
      "`cut`: a reasoning block at the start of an answer (`<think>...</think>` and the like) is no part of its text; `raw` keeps it. `keep`: answers as they come.",
    ),
};

/** One way to mark reasoning. */
interface Block {
  /** The opening as messages show it. */
  readonly shown: string;
  readonly opening: RegExp;
  readonly closing: RegExp;
  /** Whether one of the marks alone tells; words of plain language do not. */
  readonly certain: boolean;
}

const tags = (opening: string, closing: string): Block => ({
  shown: opening,
  opening: new RegExp(opening.replace(/[[\]]/g, "\\$&"), "i"),
  closing: new RegExp(closing.replace(/[[\]]/g, "\\$&"), "i"),
  certain: true,
});

/** The marks in use: DeepSeek, Qwen and most others; Mistral; gpt-oss's channels, and these where a server drops its special tokens. */
const BLOCKS: readonly Block[] = [
  tags("<think>", "</think>"),
  tags("<thinking>", "</thinking>"),
  tags("<thought>", "</thought>"),
  tags("<reasoning>", "</reasoning>"),
  tags("[THINK]", "[/THINK]"),
  {
    shown: "<|channel|>analysis",
    opening: /(?:<\|start\|>assistant)?<\|channel\|>(?:analysis|commentary)/,
    closing: /<\|channel\|>final[^<]*<\|message\|>/,
    certain: true,
  },
  { shown: "analysis", opening: /analysis(?=\S)/, closing: /assistantfinal/, certain: false },
];

/** What ends a message of gpt-oss where special tokens are shown. */
const END = /<\|(?:return|end)\|>\s*$/;

/** An answer without its reasoning. */
export interface Cut {
  readonly text: string;
  /** Whether anything was cut. */
  readonly cut: boolean;
  /** The opening mark of a block that does not end: all of the answer is reasoning. */
  readonly unclosed: string | null;
  /** Whether the first mark closed a block that the answer itself did not open: the model's template opens it in the prompt. */
  readonly unopened: boolean;
}

/**
 * Cuts the reasoning blocks with which an answer begins, white space aside, and everything up to a closing mark without an
 * opening before it (templates open the block in the prompt). A mark in the middle of a text is the person's own word and stays.
 */
export function cutReasoning(answer: string): Cut {
  let text = answer;
  let unopened = false;
  for (let i = 0; i < BLOCKS.length; i++) {
    const { shown, opening, closing, certain } = BLOCKS[i]!;
    const start = opening.exec(text);
    const opens = start !== null && text.slice(0, start.index).trim() === "";
    const end = closing.exec(text);
    if (end === null) {
      if (opens && certain) return { text: "", cut: true, unclosed: shown, unopened };
      continue;
    }
    const alone = certain && (start === null || start.index > end.index);
    if (!opens && !alone) continue;
    unopened ||= !opens && text === answer;
    text = text
      .slice(end.index + end[0].length)
      .replace(END, "")
      .trimStart();
    i = -1; // another block may follow
  }
  return { text, cut: text !== answer, unclosed: null, unopened };
}

/**
 * The failure of an answer that is reasoning alone. Asking again would favor short reasoning, so it is not retried.
 * @param how what was seen
 * @param options.served whether the model is behind a server, whose requests take further fields
 * @param options.answer what came
 */
export function onlyReasoning(
  how: string,
  { served, answer }: { readonly served: boolean; readonly answer: string | null },
): CallError {
  const off =
    ", or switch reasoning off by the model's `extraBody`, such as { chat_template_kwargs: { enable_thinking: false } } or { reasoning_effort: minimal }";
  return new CallError(
    "reasoning",
    `The model spent its tokens on reasoning and gave no text (${how}). Raise \`decoding.maxTokens\`${served ? off : ""}.`,
    { answer },
  );
}
