import { describe, expect, it } from "vitest";
import { cutReasoning } from "./reasoning.ts";

describe("cutReasoning", () => {
  it.each([
    ["<think>a</think>b", "b"],
    ["  \n<think>\na\n</think>\n\nb c", "b c"],
    ["<Thinking>a</Thinking> b", "b"],
    ["<thought>a</thought>b", "b"],
    ["<reasoning>a</reasoning>b", "b"],
    ["[THINK]a[/THINK]b", "b"],
    ["<think>a</think><think>b</think>c", "c"],
    ["<think></think>b", "b"],
    ["<think>quotes </think> once</think>b", "b"],
    ["a\n</think>\nb", "b"],
    ["a[/THINK]b", "b"],
    ["<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>b<|return|>", "b"],
    ["<|channel|>final<|message|>b", "b"],
    ["analysisThey want soup.assistantfinalFine soup.", "Fine soup."],
  ])("cuts %j", (answer, text) => {
    expect(cutReasoning(answer)).toMatchObject({ text, cut: true, unclosed: null });
  });

  it.each([
    "Fine soup.",
    "I write <think> and </think> around it.",
    "He thinks <thinking> is a tag",
    "analysis of a soup: fine",
    "The analysis said assistantfinal",
    "<thinker>a</thinker>",
    "",
  ])("leaves %j as it is", (text) => {
    expect(cutReasoning(text)).toEqual({ text, cut: false, unclosed: null, unopened: false });
  });

  it("tells a block that the prompt opened", () => {
    expect(cutReasoning("a</think>b").unopened).toBe(true);
    expect(cutReasoning("<think>quotes </think> once</think>b").unopened).toBe(false);
  });

  it.each([
    ["<think>a", "<think>"],
    ["<think>a</think><thinking>b", "<thinking>"],
    ["<|channel|>analysis<|message|>a", "<|channel|>analysis"],
  ])("names the block that %j does not close", (answer, unclosed) => {
    expect(cutReasoning(answer)).toMatchObject({ text: "", unclosed });
  });
});
