import { expect, it } from "vitest";
import { copiesOf } from "./copies.ts";

const record = (id: string, text: string) => ({ id, context: { text: "", label: null }, text });

it("masks what reads like the record, whatever its id", () => {
  const long = "we queued for an hour and the soup was cold when it came";
  const records = [record("a", long), record("b", "Good."), record("c", "another thing"), record("d", "good")];
  const pool = [record("b", "Good."), record("x", `${long.toUpperCase()}!`), record("y", "good "), record("z", "new")];
  const { groups, masked } = copiesOf(records, pool);
  expect(masked.map((list) => [...list])).toEqual([[1], [0, 2], [], [0, 2]]);
  expect(groups[1]).toBe(groups[3]);
  expect(new Set(groups).size).toBe(3);
});
