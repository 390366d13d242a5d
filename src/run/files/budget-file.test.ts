import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { Meter, type Spent } from "../../models/layers/meter.ts";
import { testFolder } from "../../testing/test-folder.ts";
import { BudgetFile } from "./budget-file.ts";

const none: Spent = new Meter().spent;
const spent = (calls: number) => ({ calls, tokens: 100 * calls, usd: 0.5 * calls });

it("keeps what comes last, however many ask while it writes", async () => {
  const folder = testFolder();
  const file = new BudgetFile(folder, "mine");
  await Promise.all(Array.from({ length: 50 }, (_, i) => file.keep(spent(i + 1))));
  expect(await new BudgetFile(folder, "mine").spentBefore(none)).toEqual({ ...none, atMost: spent(50) });
  void file.keep(spent(51));
  void file.keep(spent(52));
  await file.written();
  expect((await new BudgetFile(folder, "mine").spentBefore(none)).atMost).toEqual(spent(52));
});

it("never lowers what run.json knows, and believes neither a damaged file nor another run's", async () => {
  const folder = testFolder();
  const known = { ...none, atMost: spent(3) };
  expect(await new BudgetFile(folder, "mine").spentBefore(known)).toEqual(known);
  await new BudgetFile(folder, "mine").keep(spent(2));
  expect((await new BudgetFile(folder, "mine").spentBefore(known)).atMost).toEqual(spent(3));
  await new BudgetFile(folder, "other").keep(spent(9));
  expect(await new BudgetFile(folder, "mine").spentBefore(known)).toEqual(known);
  const name = path.join(folder, "budget.json");
  await new BudgetFile(folder, "mine").keep(spent(9));
  const text = await readFile(name, "utf8");
  await writeFile(name, text.replace("900", "100"));
  expect(await new BudgetFile(folder, "mine").spentBefore(known)).toEqual(known);
  await writeFile(name, text);
  expect((await new BudgetFile(folder, "mine").spentBefore(known)).atMost).toEqual(spent(9));
});
