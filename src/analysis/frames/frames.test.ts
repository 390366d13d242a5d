import { DataFrame, toCSV } from "danfojs-node";
import { describe, expect, it } from "vitest";
import { InputError } from "../../core/errors.ts";
import { resultRow } from "../../testing/rows.ts";
import { frameCsv } from "./frame-csv.ts";
import { mergeRuns } from "./merge-runs.ts";
import { pivot } from "./pivot.ts";
import { RESULT_COLUMNS, resultFrame } from "./result-frame.ts";

const over = (parts: Parameters<typeof resultRow>[0]) => resultRow({ repeat: null, ...parts });

describe("resultFrame", () => {
  it("keeps rows, order, numbers and what is missing", async () => {
    const rows = [resultRow({ value: 0.1 + 0.2, settings: { k: 5 } }), resultRow({ model: null, value: null })];
    const frame = await resultFrame(rows);
    expect(frame.columns).toEqual([...RESULT_COLUMNS]);
    expect(frame.column("value").values).toEqual([0.1 + 0.2, null]);
    expect(frame.column("model").values).toEqual(["embedded:small", null]);
    expect(frame.column("settings").values).toEqual(['{"k":5}', "{}"]);
    expect((await resultFrame([])).shape).toEqual([0, RESULT_COLUMNS.length]);
  });

  it("has one column to group by, since several become one text in danfo", async () => {
    const rows = [
      resultRow({ dataset: "a-b", model: "c", value: 1 }),
      resultRow({ dataset: "a", model: "b-c", value: 2 }),
    ];
    const frame = await resultFrame(rows);
    expect(
      frame
        .groupby(["group"])
        .agg({ value: ["mean"] })
        .column("value_mean").values,
    ).toEqual([1, 2]);
    const mixed = frame.groupby(["dataset", "model"]).agg({ value: ["mean"] });
    expect(mixed.column("value_mean").values).toEqual([1.5]); // where this fails danfo is mended: docs/frames.md
  });
});

describe("mergeRuns", () => {
  it("sets the values of both runs side by side, those of one alone too", async () => {
    const before = [over({ value: 1 }), over({ method: "persona", value: 3 }), resultRow({ value: 7 })];
    const after = [over({ method: "few-shot", value: 9 }), over({ value: 2 })];
    const frame = await mergeRuns(before, after);
    const lines = frame.loc({ columns: ["method", "metric", "before", "after", "difference"] }).values;
    expect(lines).toEqual([
      ["mop", "fid", 1, 2, 1],
      ["persona", "fid", 3, null, null],
      ["few-shot", "fid", null, 9, null],
    ]);
  });

  it("takes a missing id for a value of its own, and runs without rows", async () => {
    const [words, named] = [over({ encoder: null, value: null }), over({ encoder: "null", value: 4 })];
    const frame = await mergeRuns([words, named], [over({ encoder: null, value: 2 })]);
    expect(frame.loc({ columns: ["encoder", "before", "after"] }).values).toEqual([
      [null, null, 2],
      ["null", 4, null],
    ]);
    expect((await mergeRuns([], [])).shape[0]).toBe(0);
    expect((await mergeRuns([], [words])).shape[0]).toBe(1);
  });
});

describe("pivot", () => {
  const long = new DataFrame(
    [
      ["mop", "fid", 1],
      ["mop", "kid", 2],
      ["persona", "kid", 3],
      [null, "fid", 4],
    ],
    { columns: ["method", "metric", "value"] },
  );

  it("makes a long frame wide, in order of first appearance", async () => {
    const wide = await pivot(long, { index: ["method"], columns: "metric", values: "value" });
    expect(wide.columns).toEqual(["method", "fid", "kid"]);
    expect(wide.values).toEqual([
      ["mop", 1, 2],
      ["persona", null, 3],
      [null, 4, null],
    ]);
  });

  it("refuses a column that is not there, and two lines for one cell", async () => {
    await expect(pivot(long, { index: ["model"], columns: "metric", values: "value" })).rejects.toThrow(InputError);
    const twice = pivot(long, { index: [], columns: "metric", values: "value" });
    await expect(twice).rejects.toThrow(/Two lines of the frame have metric = kid: name more columns/);
  });
});

describe("frameCsv", () => {
  it("quotes what danfo does not, and disarms formulas", async () => {
    const frame = new DataFrame(
      [
        ['a, "b"\nc', 1, null],
        ["=1+1", 0.1 + 0.2, "x"],
      ],
      { columns: ["text", "n", "m"] },
    );
    expect(await frameCsv(frame)).toBe(`text,n,m\n"a, ""b""\nc",1,\n"'=1+1",0.30000000000000004,x\n`);
    expect(String(toCSV(frame))).not.toContain('""b""'); // where this fails danfo is mended: docs/frames.md
  });
});
