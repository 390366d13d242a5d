import { type Context, contextKey } from "../core/record.ts";
import type { Stream } from "../core/stream.ts";
import type { Draw } from "../prompts/draw.ts";
import type { CellTask, FittedMethod, Produced } from "./method.ts";

/**
 * One draw, one call, one text: slot i is filled by the call "i". The draw's randomness is the cell's stream, slot i, "draw".
 * @param clean what is cut from an answer
 * @example fill: oneCallEach((context) => ({ prompt: prompts.render({ context, persona: null, exemplars: [] }), persona: null, exemplars: [] }))
 */
export function oneCallEach(
  draw: (context: Context, random: Stream) => Draw,
  clean: (raw: string) => string = (raw) => raw.trim(),
): FittedMethod["fill"] {
  return (task, put) =>
    task.each(task.contexts.length, async (slot) => {
      const random = task.random.derive(slot, "draw");
      const { prompt, persona, exemplars, decoding } = draw(task.contexts[slot]!, random);
      const key = String(slot);
      const reply = await task.ask({ key, prompt, decoding, index: slot });
      put({ slot, text: reply === null ? null : clean(reply.text), persona, exemplars, calls: [key] });
    });
}

/** A text that one answer held, with columns of the method's own. */
export interface SplitText {
  readonly text: string;
  readonly notes?: Produced["notes"];
}

/**
 * One call for up to `k` texts of the same context (Verbalized Sampling): group g is the call "group-g". Texts beyond the group's
 * slots are dropped; slots beyond the texts stay without one.
 * @param draw told how many texts its prompt is to ask for
 * @param split the texts of an answer, in order
 * @example
 * fill: oneCallForMany(5, (context, count) => ({ prompt: askFor(count, context), persona: null, exemplars: [] }), (raw) =>
 *   raw.split("\n").map((text) => ({ text })),
 * )
 */
export function oneCallForMany(
  k: number,
  draw: (context: Context, count: number, random: Stream) => Draw,
  split: (raw: string) => readonly SplitText[],
): FittedMethod["fill"] {
  return async (task, put) => {
    const groups = groupsOf(task.contexts, k);
    await task.each(groups.length, async (g) => {
      const slots = groups[g]!;
      const key = `group-${g}`;
      const random = task.random.derive(key, "draw");
      const { prompt, persona, exemplars, decoding } = draw(task.contexts[slots[0]!]!, slots.length, random);
      const reply = await task.ask({ key, prompt, decoding });
      const texts = reply === null ? [] : split(reply.text);
      for (const [i, slot] of slots.entries()) {
        const { text, notes } = texts[i] ?? { text: null };
        put({ slot, text, persona, exemplars, calls: [key], notes });
      }
    });
  };
}

/**
 * Rounds with a barrier between them (ProGen, Aug-PE). A state must follow from the task's stream and the answers alone: then a
 * resume comes to the same state out of the answers that are kept. Name calls by their round: "round2/17".
 * @param finish the texts of the last state
 * @example
 * fill: inRounds(
 *   2,
 *   async (task) => writeDrafts(task),
 *   async (drafts, round, task) => reviseDrafts(task, drafts, round),
 *   (drafts) => drafts.map(({ text, key }, slot) => ({ slot, text, persona: null, exemplars: [], calls: [key] })),
 * )
 */
export function inRounds<State>(
  rounds: number,
  start: (task: CellTask) => Promise<State>,
  step: (state: State, round: number, task: CellTask) => Promise<State>,
  finish: (state: State) => Iterable<Produced>,
): FittedMethod["fill"] {
  return async (task, put) => {
    let state = await start(task);
    for (let round = 0; round < rounds; round++) state = await step(state, round, task);
    for (const produced of finish(state)) put(produced);
  };
}

/**
 * Calls that `oneCallForMany` makes for these contexts: what its `cost` says of a cell.
 * @example
 * cell: (contexts) => ({ ...NO_CALLS, generated: groupCount(contexts, 5) }) // the calls of oneCallForMany(5, ...)
 */
export function groupCount(contexts: readonly Context[], k: number): number {
  return groupsOf(contexts, k).length;
}

/** Slots of equal contexts in groups of up to k, in the order of their first slots. */
function groupsOf(contexts: readonly Context[], k: number): number[][] {
  const open = new Map<string, number[]>();
  const groups: number[][] = [];
  for (const [slot, context] of contexts.entries()) {
    const key = contextKey(context);
    let group = open.get(key);
    if (group === undefined || group.length === k) {
      group = [];
      groups.push(group);
      open.set(key, group);
    }
    group.push(slot);
  }
  return groups;
}
