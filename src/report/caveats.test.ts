import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { RunManifest } from "../analysis/run-manifest.ts";
import type { Results } from "../core/result.ts";
import { resealTestRun, writeTestRun } from "../testing/run-folder.ts";
import { testFolder } from "../testing/test-folder.ts";
import { renderReport } from "./render.ts";
import { terminalTable } from "./terminal.ts";

let dir: string;
let rendered: Readonly<Record<"html" | "md" | "tex" | "terminal", string>>;

beforeAll(async () => {
  dir = testFolder();
  await writeTestRun(dir);
  const written: RunManifest = JSON.parse(await readFile(path.join(dir, "run.json"), "utf8"));
  // One model has something to say; mop's pool is another than its tier's, on the other model.
  const manifest: RunManifest = {
    ...written,
    models: written.models.map((model) =>
      model.id === "embedded:small" ? { ...model, caveat: "Its collapse is relieved & built in." } : model,
    ),
    methods: written.methods.map((method) => ({
      ...method,
      fits: method.fits.map((fit) =>
        method.id === "mop" && fit.model === "embedded:large" ? { ...fit, realTextsSeen: 200 } : fit,
      ),
    })),
  };
  await writeFile(path.join(dir, "run.json"), JSON.stringify(manifest));
  await resealTestRun(dir);
  const results: Results = JSON.parse(await readFile(path.join(dir, "results.json"), "utf8"));
  const [html = "", md = "", tex = ""] = await Promise.all(
    (await renderReport(dir, ["html", "md", "tex"])).map((file) => readFile(file, "utf8")),
  );
  rendered = { html, md, tex, terminal: terminalTable(results, manifest, { color: false }) };
});

/** Whose tables a sentence follows: the model named last before each place where it stands. */
function besides(text: string, sentence: RegExp): string[] {
  return [...text.matchAll(sentence)].map(({ index }) => {
    const models = text.slice(0, index).match(/embedded:(small|large) \(toy\)/g);
    return models?.at(-1) ?? "";
  });
}

describe.each(["html", "md", "tex", "terminal"] as const)("every table in %s", (format) => {
  it("says what its model must be known for", () => {
    const found = besides(rendered[format], /Its collapse is relieved \S+ built in\./g);
    expect(found).toEqual(["embedded:small (toy)", "embedded:small (toy)", "embedded:small (toy)"]);
  });

  it("says that methods of one tier draw on pools of different size", () => {
    const found = besides(rendered[format], /\(few-shot 960, mop-uniform 960, mop 200\)/g);
    expect(found).toEqual(["embedded:large (toy)", "embedded:large (toy)", "embedded:large (toy)"]);
  });
});
