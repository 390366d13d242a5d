import path from "node:path";
import { expect, it } from "vitest";
import { InputError } from "../core/errors.ts";
import { NO_FILES, putInPlace } from "../testing/in-its-place.ts";
import { testFolder } from "../testing/test-folder.ts";
import { loadPlugin } from "./load.ts";

const folder = testFolder();

it.each(Object.keys(NO_FILES))("a plug-in is not %s, which is said in one sentence", async (what) => {
  await putInPlace(what, path.join(folder, "odd.mjs"));
  const loading = loadPlugin("./odd.mjs", folder);
  await expect(loading).rejects.toThrow(InputError);
  await expect(loading).rejects.toThrow(/^The plug-in \.\/odd\.mjs is a (folder|pipe or a device); a file is needed/);
});

it("a plug-in that is nowhere is said to be", async () => {
  await expect(loadPlugin("./none.ts", folder)).rejects.toThrow(/^The plug-in \.\/none\.ts: There is no file/);
});

it("a package whose manifest is damaged is said to be", async () => {
  const damaged = testFolder({ "node_modules/odd/package.json": '{"exports": ' });
  const loading = loadPlugin("odd", damaged);
  await expect(loading).rejects.toThrow(InputError);
  await expect(loading).rejects.toThrow(/odd\/package\.json is no package\.json that can be read/);
});
