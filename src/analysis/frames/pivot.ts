import type { DataFrame } from "danfojs-node";
import { InputError } from "../../core/errors.ts";

/** Which column goes where in a pivoted frame. */
export interface Pivot {
  /** The columns that name a line of the new frame. */
  readonly index: readonly string[];
  /** The column whose values become columns, in the order in which they first appear. */
  readonly columns: string;
  /** The column that fills the cells. */
  readonly values: string;
}

/**
 * A long frame made wide: a line for each value of `index`, a column for each value of `columns`; null where nothing stands.
 * danfo has none.
 * @throws InputError for a column that is not there, and where two lines would fill one cell
 * @example
 * (await pivot(frame, { index: ["model", "method"], columns: "metric", values: "value" })).print();
 */
export async function pivot(frame: DataFrame, { index, columns, values }: Pivot): Promise<DataFrame> {
  for (const name of [...index, columns, values])
    if (!frame.columns.includes(name))
      throw new InputError(`The frame has no column \`${name}\`; it has ${frame.columns.join(", ")}.`);
  const { DataFrame } = await import("danfojs-node");
  const column = (name: string) => frame.column(name).values;
  const [ids, heads, cells] = [index.map(column), column(columns).map(String), column(values)];
  const names = [...new Set(heads)];
  const lines = new Map<string, { readonly id: readonly unknown[]; readonly cells: Map<string, unknown> }>();
  heads.forEach((head, i) => {
    const id = ids.map((own) => own[i] ?? null);
    const key = JSON.stringify(id);
    const line = lines.get(key) ?? { id, cells: new Map<string, unknown>() };
    if (line.cells.has(head))
      throw new InputError(
        `Two lines of the frame have ${[...index, columns].join(", ")} = ${[...id, head].join(", ")}: name more columns in \`index\`, or filter first.`,
      );
    line.cells.set(head, cells[i] ?? null);
    lines.set(key, line);
  });
  const data = [...lines.values()].map((line) => [...line.id, ...names.map((name) => line.cells.get(name) ?? null)]);
  return new DataFrame(data, { columns: [...index, ...names] });
}
