import type { PopulationRecord } from "../core/record.ts";
import { CEILING, FLOOR, type ResultRow } from "../core/result.ts";
import { Stream } from "../core/stream.ts";
import { inOrder, inSharedOrder } from "../data/contexts.ts";
import { type ScoringContext, scoreTexts } from "./score-cell.ts";
import { CellMemory, ScoredCell } from "./scored-cell.ts";
import { recordTexts } from "./scored-set.ts";

/**
 * The ceiling: people of the reserve scored as if they were synthetic. As many disjoint draws of n as the reserve holds, at most
 * one a repeat; overlapping draws would make the interval too narrow, so a reserve of fewer than 2 n gives one draw and none.
 * @param n texts a draw; fewer when the reserve is smaller
 */
export async function ceilingRows(
  context: ScoringContext,
  reserve: readonly PopulationRecord[],
  n: number,
  repeats: number,
): Promise<ResultRow[]> {
  const size = Math.min(n, reserve.length);
  const ordered = inSharedOrder(reserve, "reserve");
  const draws = Math.max(1, Math.min(repeats, Math.floor(reserve.length / size)));
  const rows: ResultRow[] = [];
  for (let repeat = 0; repeat < draws; repeat++) {
    const records = ordered.slice(repeat * size, (repeat + 1) * size);
    rows.push(
      ...(await scoreTexts(context, {
        model: null,
        method: CEILING,
        repeat,
        cell: new ScoredCell(new CellMemory(0), CEILING, async () => recordTexts(records)),
        evidence: { "owner-shares": () => ({ reason: "People were shown no exemplars." }) },
      })),
    );
  }
  return rows;
}

/**
 * The floor: all of gold's words in random order, dealt to texts of gold's own lengths, for the metrics it says something about;
 * one draw, the same in all runs. Shuffled within each text, a bag-of-words encoder would call the salad perfect.
 */
export async function floorRows(context: ScoringContext, gold: readonly PopulationRecord[]): Promise<ResultRow[]> {
  const random = Stream.root(0).derive("shuffled");
  const tokens = gold.map((record) => context.gold.tokenizer.split(record.text));
  const words = inOrder(tokens.flat(), random);
  let dealt = 0;
  const shuffled = gold.map((record, i) => {
    const from = dealt;
    dealt += tokens[i]!.length;
    return { ...record, text: words.slice(from, dealt).join(" ") };
  });
  const metrics = context.metrics.filter((metric) => metric.floor);
  return scoreTexts(
    { ...context, metrics },
    {
      model: null,
      method: FLOOR,
      repeat: 0,
      cell: new ScoredCell(new CellMemory(0), FLOOR, async () => recordTexts(shuffled)),
      evidence: { "owner-shares": () => ({ reason: "Shuffled words were shown no exemplars." }) },
    },
  );
}
