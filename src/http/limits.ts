import { z } from "zod";

/** What calls to one account may do at once and a minute, and how long one may take. */
export interface CallLimits {
  /** Calls in flight at most. */
  readonly concurrency: number;
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
  /** One attempt may take so long, counted from when it is sent. */
  readonly timeoutMs: number;
}

/** What a model is charged, in US dollars per million tokens. */
export interface Price {
  readonly inputPerMillion: number;
  readonly outputPerMillion: number;
}

/** How every model and encoder behind a server is limited and paid for; shared by the providers. */
export const serverLimits = {
  concurrency: z
    .int()
    .min(1)
    .max(2048)
    .default(32)
    .describe("Calls in flight at most; the limiter starts at 8, grows while calls succeed and is cut by a 429."),
  requestsPerMinute: z.int().min(1).max(1e12).optional().describe("The account's limit, where known. Default: none."),
  tokensPerMinute: z.int().min(1).max(1e12).optional().describe("The account's limit, where known. Default: none."),
  timeoutSeconds: z
    .number()
    .positive()
    .max(3600)
    .default(60)
    .describe("One attempt may take so long, counted from when it is sent."),
  price: z
    .strictObject({
      inputPerMillion: z.number().min(0).max(1e9).describe("US dollars per million tokens in."),
      outputPerMillion: z.number().min(0).max(1e9).describe("US dollars per million tokens out."),
    })
    .optional()
    .describe(
      "What calls cost, `{ inputPerMillion, outputPerMillion }` in US dollars; `budget.usd` needs it. Default: unknown, and said so.",
    ),
};

type ServerLimits = Readonly<z.infer<z.ZodObject<typeof serverLimits>>>;

/** The options as the layers read them. */
export function limitsOf(options: ServerLimits): { readonly limits: CallLimits; readonly price: Price | null } {
  return {
    limits: {
      concurrency: options.concurrency,
      requestsPerMinute: options.requestsPerMinute ?? null,
      tokensPerMinute: options.tokensPerMinute ?? null,
      timeoutMs: options.timeoutSeconds * 1000,
    },
    price: options.price ?? null,
  };
}
