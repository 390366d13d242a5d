import { CallError } from "../../src/core/errors.ts";
import type { Finish } from "../../src/core/sample.ts";
import { type Clock, systemClock } from "../../src/http/clock.ts";
import { RateLimiters } from "../../src/http/rate-limiter.ts";
import { layered } from "../../src/models/layers/layered.ts";
import { Meter } from "../../src/models/layers/meter.ts";
import { openai } from "../../src/models/openai/openai.ts";

/** How many calls ended how. */
export interface StormResult {
  readonly answered: number;
  readonly finishes: ReadonlyMap<Finish, number>;
  /** Error records by kind. */
  readonly errors: ReadonlyMap<string, number>;
  readonly retries: number;
}

/** Sends `calls` draws through every layer to a server, as a run does. */
export async function storm(baseUrl: string, calls: number, clock: Clock = systemClock): Promise<StormResult> {
  const opened = await openai
    .bind({ model: "tiny", baseUrl, concurrency: 128, scoring: "none" })
    .create({ id: "openai:tiny", dataset: "d", background: [], env: {}, baseDir: ".", offline: false });
  const meter = new Meter();
  const model = layered(opened, {
    meter,
    limiters: new RateLimiters(clock),
    attempts: 8,
    cache: null,
    cacheMode: "use",
    recording: null,
    redact: null,
    offline: false,
    now: Date.now,
    backoff: { first: 50, longest: 1000 },
  });
  const content = { context: { text: "", label: null }, persona: null, exemplars: [] };
  const prompt = { content, instruction: "", persona: "", example: "", task: "Say something:", hash: "h" };
  const decoding = { temperature: 1, topP: 1, maxTokens: 2 };
  const finishes = new Map<Finish, number>();
  const errors = new Map<string, number>();
  let answered = 0;
  await Promise.all(
    Array.from({ length: calls }, async (_, i) => {
      try {
        const { finish } = await model.generate({ prompt, decoding, seed: i, sampleIndex: i });
        answered += 1;
        finishes.set(finish, (finishes.get(finish) ?? 0) + 1);
      } catch (error) {
        if (!(error instanceof CallError)) throw error;
        errors.set(error.kind, (errors.get(error.kind) ?? 0) + 1);
      }
    }),
  );
  return { answered, finishes, errors, retries: meter.spent.retries };
}
