import { z } from "zod";

/** Where OpenAI's own models are. */
export const OPENAI_URL = "https://api.openai.com/v1";

/** Where a server is: http or https, without credentials, which belong into a variable of the environment. */
export const serverUrl = z
  .url({ protocol: /^https?$/, error: "an http:// or https:// address" })
  .refine((url) => !URL.canParse(url) || (new URL(url).username === "" && new URL(url).password === ""), {
    error: "an address without user and password; name the variable that holds the key with `apiKeyEnv`",
  });

/** The name of the variable that holds a key. */
export const keyVariable = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "Name an environment variable here; never write the key itself.")
  .optional();

/** Whether an address is this machine's: its servers seldom ask for a key. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || /^127\./.test(hostname);
}
