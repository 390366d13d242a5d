import { mapConcurrently } from "../core/concurrent.ts";
import { silent } from "../core/progress.ts";
import type { Context } from "../core/record.ts";
import type { Stream } from "../core/stream.ts";
import type { CellTask, FittedMethod } from "../methods/method.ts";
import type { AskedCall } from "../prompts/ask.ts";
import type { Draw } from "../prompts/draw.ts";
import { worldEncoder } from "./mop-world.ts";

/** What a method with one call a text asks for each context, in order; every answer is "answer". */
export async function drawsOf(
  fitted: Pick<FittedMethod, "fill">,
  contexts: readonly Context[],
  random: Stream,
): Promise<Draw[]> {
  const asked = new Map<string, AskedCall>();
  const draws: Draw[] = [];
  await fitted.fill(testTask(contexts, random, asked), ({ slot, persona, exemplars, calls }) => {
    const { prompt, decoding } = asked.get(calls[0]!)!;
    draws[slot] = { prompt, persona, exemplars, ...(decoding === undefined ? {} : { decoding }) };
  });
  return draws;
}

function testTask(contexts: readonly Context[], random: Stream, asked: Map<string, AskedCall>): CellTask {
  return {
    contexts,
    random,
    encoder: worldEncoder,
    progress: silent,
    signal: new AbortController().signal,
    each: async (n, work) => {
      await mapConcurrently(Array.from({ length: n }), 4, undefined, (_, i) => work(i));
    },
    ask: async (call) => {
      asked.set(call.key, call);
      return { text: "answer", cached: false };
    },
    choose: async () => null,
  };
}
