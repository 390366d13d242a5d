import { expect, it } from "vitest";
import { writeTestRun } from "../../testing/run-folder.ts";
import { testFolder } from "../../testing/test-folder.ts";
import { readRun } from "../run-data.ts";
import { ReportContext } from "./context.ts";
import { settingsView } from "./settings.ts";

it("says of which dataset a model is described, whatever its id", async () => {
  const dir = testFolder();
  await writeTestRun(dir);
  const run = await readRun(dir);
  const models = run.manifest.models.map((model) => ({ ...model, description: { "*": { order: 3 } } }));
  const context = new ReportContext({ ...run, manifest: { ...run.manifest, models } });
  const [first] = settingsView(context, String).descriptions;
  expect(first).toEqual({ name: "embedded:small (toy) on *", facts: [{ name: "order", value: "3" }] });
});
