import path from "node:path";
import { describe, expect, it } from "vitest";
import { InputError } from "../core/errors.ts";
import { NO_FILES, putInPlace } from "../testing/in-its-place.ts";
import { testFolder } from "../testing/test-folder.ts";
import { openTransformersPeer } from "./transformers.ts";

describe.each(Object.keys(NO_FILES))("a model's folder with %s in the place of a file", (what) => {
  it.each(["config.json", "tokenizer.json", "onnx/model.onnx"])("is refused: %s", async (name) => {
    const baseDir = testFolder({ "m/config.json": "{}", "m/onnx/other": "" });
    await putInPlace(what, path.join(baseDir, "m", name));
    const opening = openTransformersPeer("t", { path: "m" }, { baseDir, offline: true });
    await expect(opening).rejects.toThrow(InputError);
    await expect(opening).rejects.toThrow(`\`t\`: ${path.join(baseDir, "m", name)} is a`);
  });
});
