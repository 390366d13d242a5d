import { z } from "zod";
import { type CompletionsServer, completionsServer, sendJson } from "./completions-server.ts";
import { tinyLlama } from "./tiny-llama.ts";

/** The fields of a request that say how to draw. */
export type Fields = Readonly<Record<string, unknown>>;

/** What a server says of a request it refuses; null: it takes it. */
export type Refuse = (fields: Fields) => { readonly status: number; readonly body: object } | null;

/** What it says of the user's message; null: its tokens ended while it reasoned. */
export type Say = (asked: string, fields: Fields) => string | null;

const body = z.looseObject({ messages: z.array(z.object({ content: z.string() })).optional() });

/**
 * A server on loopback that refuses requests by their fields, and says `say` of the user's message to the others. It is asked by
 * the chat route.
 */
export function fussyServer(refuse: Refuse, say: Say): Promise<CompletionsServer> {
  return completionsServer(tinyLlama(), {
    intercept(request, text, response) {
      if (request.url !== "/v1/chat/completions") return false;
      const { messages, ...fields } = body.parse(JSON.parse(text));
      const refusal = refuse(fields);
      if (refusal !== null) sendJson(response, refusal.status, refusal.body);
      else {
        const content = say(messages?.at(-1)?.content ?? "", fields);
        const message = { role: "assistant", content, ...(content === null ? { reasoning_content: "So" } : {}) };
        const finish_reason = content === null ? "length" : "stop";
        sendJson(response, 200, { choices: [{ index: 0, message, finish_reason }] });
      }
      return true;
    },
  });
}

const openaiError = (code: string, param: string, message: string) => ({
  status: 400,
  body: { error: { message, type: "invalid_request_error", param, code } },
});

/** Wants `max_completion_tokens`, and no temperature or top_p but 1: as OpenAI's reasoning models. */
export const likeReasoningModels: Refuse = (fields) => {
  if ("max_tokens" in fields) {
    const message =
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    return openaiError("unsupported_parameter", "max_tokens", message);
  }
  for (const name of ["temperature", "top_p"]) {
    if ((fields[name] ?? 1) === 1) continue;
    const message = `Unsupported value: '${name}' does not support ${fields[name]} with this model. Only the default (1) value is supported.`;
    return openaiError("unsupported_value", name, message);
  }
  return null;
};

/** Knows none of the fields, and says so as validation does. */
export function without(...names: readonly string[]): Refuse {
  return (fields) => {
    const extra = names.filter((name) => name in fields);
    const detail = extra.map((name) => ({
      type: "extra_forbidden",
      loc: ["body", name],
      msg: "Extra inputs are not permitted",
    }));
    return extra.length === 0 ? null : { status: 422, body: { detail } };
  };
}

/** Knows none of the fields, and says so in words alone. */
export function inWords(...names: readonly string[]): Refuse {
  return (fields) => {
    const name = names.find((known) => known in fields);
    return name === undefined
      ? null
      : { status: 400, body: { error: { message: `Unrecognized request argument supplied: ${name}` } } };
  };
}
