import { z } from "zod";

/** Where OpenAI's own models are. */
export const OPENAI_URL = "https://api.openai.com/v1";

/**
 * Where a server is: http or https, without credentials, which belong into a variable of the environment, and without query and
 * fragment, behind which no route can be written.
 */
export const serverUrl = z
  .url({ protocol: /^https?$/ })
  .max(4096)
  .refine((url) => !URL.canParse(url) || (new URL(url).username === "" && new URL(url).password === ""), {
    error: "write the address without user and password; `apiKeyEnv` names the variable that holds the key.",
  })
  .refine((url) => !/[?#]/.test(url), {
    error: "write the address without `?` and `#`: the route that is asked is put behind it.",
  });

/** The name of the variable that holds a key. What is no name may be the key itself, so the error does not repeat it. */
export const keyVariable = z
  .string()
  .max(1000)
  .refine((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name), {
    error: "name an environment variable here, such as OPENAI_API_KEY; never write the key itself.",
  })
  .optional();

/** Whether an address is this machine's: its servers seldom ask for a key. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || /^127\./.test(hostname);
}
