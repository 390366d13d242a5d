import { z } from "zod";
import { shortText } from "../../config/bounds.ts";
import { serverLimits } from "../../http/limits.ts";
import { keyVariable, OPENAI_URL, serverUrl } from "../../http/server-options.ts";
import { endTokenOption } from "../end-token.ts";
import { reasoningOption } from "../reasoning.ts";

/** What every request of a provider of this protocol says beside its prompt. */
export const requestOptions = {
  seed: z
    .boolean()
    .default(true)
    .describe(
      "Send each sample's seed. `false`: for servers that refuse it; answers are then repeated from a cache or a recording only.",
    ),
  extraBody: z
    .record(z.string(), z.json())
    .optional()
    .describe("Fields sent with every request as they are, such as `{ top_k: 40 }`."),
};

export const openaiOptions = z.strictObject({
  model: shortText.describe("The model's name at the server."),
  baseUrl: serverUrl.default(OPENAI_URL).describe("Root of the API, ending in `/v1` on most servers."),
  apiKeyEnv: keyVariable.describe(
    "*Name* of the environment variable that holds the key; a missing or empty one ends with exit code 2. Default: `OPENAI_API_KEY` at OpenAI's own server, none elsewhere.",
  ),
  api: z
    .enum(["chat", "completions"])
    .default("chat")
    .describe(
      "`chat`: the server applies the model's template (`/chat/completions`). `completions`: the plain text of the four slots (`/completions`), for base models.",
    ),
  scoring: z
    .enum(["auto", "echo", "none"])
    .default("auto")
    .describe(
      "Prompt log-probabilities by `/completions` with `echo`. `auto`: the server is asked once, before anything is fitted, whether it really gives them; OpenAI's own is not, it gives none. `echo`: any server is asked. `none`: none is.",
    ),
  bosToken: shortText
    .optional()
    .describe(
      "Text of a token that every prompt sent to `/completions` begins with, such as `<|im_start|>`. Default: none, the server adds its own.",
    ),
  ...endTokenOption,
  stop: z
    .array(shortText)
    .max(4)
    .optional()
    .describe("Where answers end. Default: none for chat, a blank line for completions."),
  ...requestOptions,
  ...reasoningOption,
  ...serverLimits,
});

export type OpenaiOptions = z.infer<typeof openaiOptions>;
