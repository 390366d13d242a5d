import type { CallAnswer } from "../model.ts";

/** How an answer made of other calls' answers was come by: from the cache only where all of them were. */
export function originOf(answers: readonly CallAnswer[]): CallAnswer {
  const times = answers.flatMap(({ cachedAt }) => cachedAt ?? []);
  const retries = answers.reduce((sum, answer) => sum + (answer.retries ?? 0), 0);
  return {
    ...(times.length === answers.length ? { cachedAt: Math.min(...times) } : {}),
    ...(retries === 0 ? {} : { retries }),
  };
}
