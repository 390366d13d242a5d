import { z } from "zod";
import { row } from "../core/matrix.ts";
import { NO_CALLS } from "../methods/cost.ts";
import { groupCount, inRounds, oneCallForMany } from "../methods/fill.ts";
import { type CellTask, defineMethod, type Method, type MethodEnvironment } from "../methods/method.ts";
import type { FitContext } from "../mop/fit-context.ts";

/** Texts that one answer of `many` is for. */
export const TEXTS_A_CALL = 4;

/** One call for several texts: each word of an answer is one, with its place as a note. */
export const many = defineMethod({
  summary: "A toy: several texts out of one answer.",
  options: z.strictObject({}),
  id: () => "many",
  create: (_options, _environment: MethodEnvironment): Method => ({
    name: "many",
    needs: [],
    sees: "0",
    cost: () => ({
      fit: NO_CALLS,
      cell: (contexts) => ({ ...NO_CALLS, generated: groupCount(contexts, TEXTS_A_CALL) }),
      exemplarsPerPrompt: 0,
      personaBytes: 0,
    }),
    fit: async ({ prompts }) => ({
      realTextsSeen: 0,
      summary: `${TEXTS_A_CALL} texts a call`,
      exemplars: [],
      fill: oneCallForMany(
        TEXTS_A_CALL,
        (context) => ({
          prompt: prompts.render({ context, persona: null, exemplars: [] }),
          persona: null,
          exemplars: [],
        }),
        (raw) => raw.split(" ").map((text, place) => ({ text, notes: { place } })),
      ),
    }),
  }),
});

/** Two answers a text, of which the model chooses one. */
export const chosen = defineMethod({
  summary: "A toy: the model chooses among its own answers.",
  options: z.strictObject({}),
  id: () => "chosen",
  create: (_options, _environment: MethodEnvironment): Method => ({
    name: "chosen",
    needs: [],
    sees: "0",
    cost: () => ({
      fit: NO_CALLS,
      cell: ({ length }, { maxTokens }) => {
        return { generated: 2 * length, scored: 0, chosen: length, options: 2, addedTokens: 2 * maxTokens };
      },
      exemplarsPerPrompt: 0,
      personaBytes: 0,
    }),
    fit: async ({ prompts }) => ({
      realTextsSeen: 0,
      summary: "the better of two",
      exemplars: [],
      fill: (task, put) =>
        task.each(task.contexts.length, async (slot) => {
          const prompt = prompts.render({ context: task.contexts[slot]!, persona: null, exemplars: [] });
          const [first, second, choice] = [`${slot}/first`, `${slot}/second`, `${slot}/choice`];
          const replies = await Promise.all([first, second].map((key) => task.ask({ key, prompt })));
          const options = replies.map((reply) => reply?.text ?? "nothing");
          const taken = await task.choose({ key: choice, prompt, options, order: "permuted" });
          const text = taken === null ? null : options[taken.index]!;
          put({ slot, text, persona: null, exemplars: [], calls: [first, second, choice] });
        }),
    }),
  }),
});

/** Rounds of variation after the first texts. */
export const ROUNDS = 2;

interface Evolved {
  readonly text: string;
  readonly votes: number;
  readonly calls: readonly string[];
}

/** Rounds with votes: real texts vote for the text nearest to them, those with most votes are varied (as Aug-PE does). */
export const evolved = defineMethod({
  summary: "A toy: texts varied in rounds, real texts voting for the nearest.",
  options: z.strictObject({}),
  id: () => "evolved",
  create: (_options, _environment: MethodEnvironment): Method => ({
    name: "evolved",
    needs: [],
    sees: "0",
    cost: () => ({
      fit: NO_CALLS,
      cell: ({ length }, { maxTokens }) => ({
        ...NO_CALLS,
        generated: (ROUNDS + 1) * length,
        addedTokens: maxTokens,
      }),
      exemplarsPerPrompt: 0,
      personaBytes: 0,
    }),
    fit: async (context) => ({
      realTextsSeen: 0,
      summary: `${ROUNDS} rounds`,
      exemplars: [],
      fill: inRounds<readonly Evolved[]>(
        ROUNDS,
        (task) => vary(task, context, [], "start"),
        (texts, round, task) => {
          const best = texts.toSorted((a, b) => b.votes - a.votes || (a.text < b.text ? -1 : 1));
          return vary(task, context, best.slice(0, Math.ceil(texts.length / 4)), `round${round}`);
        },
        (texts) =>
          texts.map(({ text, votes, calls }, slot) => {
            return { slot, text, persona: null, exemplars: [], calls, notes: { votes } };
          }),
      ),
    }),
  }),
});

/** A text a slot: each a variation of a parent, or begun anew where there is none or its call fails. */
async function vary(
  task: CellTask,
  { prompts, train }: FitContext,
  parents: readonly Evolved[],
  round: string,
): Promise<readonly Evolved[]> {
  const texts: { text: string; calls: readonly string[] }[] = [];
  await task.each(task.contexts.length, async (slot) => {
    const context = task.contexts[slot]!;
    const parent = parents.length === 0 ? null : task.random.derive(round, slot, "parent").pick(parents);
    const exemplars = parent === null ? [] : [{ id: "parent", context, text: parent.text }];
    const key = `${round}/${slot}`;
    const reply = await task.ask({ key, prompt: prompts.render({ context, persona: null, exemplars }) });
    const before = parent?.calls ?? [];
    texts[slot] =
      reply === null
        ? { text: parent?.text ?? "nothing", calls: before }
        : { text: reply.text, calls: [...before, key] };
  });
  const synthetic = await task.encoder.encode(texts.map(({ text }) => text));
  const voters = await task.encoder.encode(train.slice(0, 12).map(({ text }) => text));
  const votes = texts.map(() => 0);
  for (let v = 0; v < voters.rows; v++) {
    const closeness = texts.map((_, i) => row(synthetic, i).reduce((sum, x, d) => sum + x * row(voters, v)[d]!, 0));
    votes[closeness.indexOf(Math.max(...closeness))]! += 1;
  }
  return texts.map((text, i) => ({ ...text, votes: votes[i]! }));
}
